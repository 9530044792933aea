#pragma once
#include <string>
#include <vector>

#include "cli/page.hpp"
#include "jobmedic/store.hpp"

/// Model versions for people, from the reports that training made of them.
namespace jobmedic::cli {

/// A row per version.
std::string models_page(const std::vector<ModelVersion>& models);
/// One version: its figures, its audits, and when it was put into service.
std::string model_page(const ModelVersion& model, const std::vector<Promotion>& promotions);

/// What was measured, and the audits: which failed and why.
void add_report(Page& page, const std::string& report);

}  // namespace jobmedic::cli
