#pragma once
#include <string>

/// The documents of `jobmedic forecast` for people.
namespace jobmedic::cli {

std::string curation_page(const std::string& report);
/// `outcome`: "in service"; `good`: its audits let it.
std::string training_page(const std::string& report, const std::string& outcome, bool good);
std::string evaluation_page(const std::string& document);
std::string analysis_page(const std::string& document);

}  // namespace jobmedic::cli
