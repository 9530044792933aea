#include "report/service.hpp"

#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic::reported {
namespace {

std::optional<double> log_loss(const std::string& report) {
  try {
    const json::Value document = json::parse(report);
    const json::Value* held_out = document.find("held_out");
    const json::Value* value = held_out == nullptr ? nullptr : held_out->find("log_loss");
    const double* number = value == nullptr ? nullptr : value->as<double>();
    return number == nullptr ? std::nullopt : std::optional(*number);
  } catch (const Error&) {  // written by anyone
    return std::nullopt;
  }
}

DisabledPatch disabled(const Store& store, const StoredPatch& patch) {
  DisabledPatch row{patch.id, patch.scope.job.value_or(""), "", "", ""};
  const std::vector<Change> changes = store.changes(1, patch.id);
  if (changes.empty() || changes.front().action != "disable") return row;
  row.by = changes.front().by;
  row.at = changes.front().at;
  row.reason = changes.front().reason;
  return row;
}

}  // namespace

std::vector<ModelInService> models_in_service(const Store& store, const Advice& advice) {
  std::map<std::string, std::optional<double>> losses;
  for (const ModelVersion& model : store.models()) losses[model.version] = log_loss(model.report);
  std::vector<ModelInService> models;
  for (const Promotion& promotion : store.promotions()) {
    if (promotion.of != ModelKind::recommend) continue;
    if (!models.empty()) models.back().to = promotion.at;
    const Calibration seen = advice.calibration(promotion.version);
    models.push_back({promotion.version, promotion.at, "", promotion.kind, promotion.by, promotion.reason,
                      losses[promotion.version], seen.predicted, seen.failed});
  }
  return models;
}

void tell_automation(const Store& store, std::string_view now, std::size_t top, AutomationState& state) {
  state.automation = store.automation();
  store.each_patch([&](const StoredPatch& patch) {
    ++state.patches;
    if (!patch.damage.empty()) return;
    if (patch.why_idle(now).empty()) ++state.patches_in_force;
    if (!patch.disabled || patch.proposed()) return;
    ++state.patches_disabled;
    if (state.disabled.size() < top) state.disabled.push_back(disabled(store, patch));
  });
}

std::string without_password(const std::string& url) {
  const std::size_t scheme = url.find("://");
  std::string shown = url;
  if (scheme != std::string::npos) {
    const std::size_t begin = scheme + 3;
    const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
    const std::size_t at = url.rfind('@', end);
    const std::size_t colon = url.find(':', begin);
    if (at != std::string::npos && at > begin && colon < at) shown.erase(colon, at - colon);
  }
  return mask_secrets(shown);
}

}  // namespace jobmedic::reported
