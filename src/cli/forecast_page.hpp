#pragma once
#include <string>

/// The documents of `jobmedic forecast` for people.
namespace jobmedic::cli {

std::string curation_page(const std::string& report);
/// `output`: where the model was written; empty: its audits kept it out.
std::string training_page(const std::string& report, const std::string& output);
std::string evaluation_page(const std::string& document);
std::string analysis_page(const std::string& document);

}  // namespace jobmedic::cli
