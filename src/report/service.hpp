#pragma once
#include <string>

#include "jobmedic/report.hpp"
#include "report/advice.hpp"

/// What the store says of itself today: models in service, patches, the kill switch.
namespace jobmedic::reported {

std::vector<ModelInService> models_in_service(const Store& store, const Advice& advice);
void tell_automation(const Store& store, std::string_view now, std::size_t top, AutomationState& state);
/// Of a store's URL: without what follows the user's name in it, and without what looks like a secret.
std::string without_password(const std::string& url);

}  // namespace jobmedic::reported
