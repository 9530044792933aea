// Why a configuration is what it is: the document jobmedic.explanation/1.
#include <fmt/format.h>

#include <algorithm>

#include "jobmedic/patch.hpp"
#include "json/value.hpp"
#include "remediate/config_answer.hpp"

namespace jobmedic {
namespace {

using Setting = ConfigExplanation::Setting;

std::string text_of(const json::Value* value) {
  return value == nullptr ? "" : json::write(*value);
}

// The members of two configurations that differ.
std::vector<Setting> changed(const std::string& before_text, const std::string& after_text) {
  const json::Value before = json::parse(before_text);
  const json::Value after = json::parse(after_text);
  std::vector<Setting> settings;
  const auto add = [&](const std::string& name, const json::Value* old_value, const json::Value* new_value) {
    if (old_value != nullptr && new_value != nullptr && *old_value == *new_value) return;
    settings.push_back({name, text_of(old_value), text_of(new_value)});
  };
  for (const auto& [name, value] : *before.as<json::Object>()) add(name, &value, after.find(name));
  for (const auto& [name, value] : *after.as<json::Object>()) {
    if (before.find(name) == nullptr) add(name, nullptr, &value);
  }
  return settings;
}

ConfigExplanation::Step step_of(const StoredPatch& patch, const ConfigAnswer& answer, std::string_view now) {
  if (std::string idle = patch.why_idle(now); !idle.empty()) return {patch, "skipped", std::move(idle), {}};
  const auto& applied = answer.applied;
  if (std::find(applied.begin(), applied.end(), patch.id) != applied.end()) return {patch, "applied", "", {}};
  for (const auto& [id, reason] : answer.skipped) {
    if (id == patch.id) return {patch, "skipped", reason, {}};
  }
  return {patch, "superseded", fmt::format("{} counts more, and this one is no layer", applied.back()), {}};
}

// Each value under its setting's name, so that who masks secrets sees which are some.
json::Value changes_value(const std::vector<Setting>& settings) {
  json::Object before;
  json::Object after;
  for (const Setting& setting : settings) {
    if (!setting.before.empty()) before.emplace_back(setting.name, json::parse(setting.before));
    if (!setting.after.empty()) after.emplace_back(setting.name, json::parse(setting.after));
  }
  return json::object({{"before", std::move(before)}, {"after", std::move(after)}});
}

}  // namespace

ConfigExplanation explain(const Attempt& attempt, const std::vector<StoredPatch>& matching, std::string_view now,
                          const Space& space) {
  std::vector<StoredPatch> in_force = matching;
  std::erase_if(in_force, [&](const StoredPatch& patch) { return !patch.why_idle(now).empty(); });
  ConfigExplanation explanation{mutate(attempt, Candidates(std::move(in_force)), space), {}};
  std::string config = attempt.config;
  for (const StoredPatch& patch : matching) {
    auto step = step_of(patch, explanation.answer, now);
    if (step.outcome == "applied") {
      const std::string after = apply_patch(config, patch.patch);
      step.changes = changed(config, after);
      config = after;
    }
    explanation.steps.push_back(std::move(step));
  }
  return explanation;
}

std::string ConfigExplanation::to_json() const {
  json::Array patches;
  for (const Step& step : steps) {
    json::Object members{{"id", step.patch.id}, {"outcome", step.outcome}};
    if (!step.reason.empty()) members.emplace_back("reason", step.reason);
    if (step.outcome == "applied") members.emplace_back("changes", changes_value(step.changes));
    if (step.patch.damage.empty()) members.emplace_back("patch", json::parse(step.patch.to_json()));
    patches.emplace_back(std::move(members));
  }
  json::Object members{
      {"schema", "jobmedic.explanation/1"}, {"config", json::parse(answer.config)}, {"patches", std::move(patches)}};
  if (answer.stopped) members.emplace_back("stopped", json::parse(answer.stopped->to_json()));
  return json::write(members);
}

}  // namespace jobmedic
