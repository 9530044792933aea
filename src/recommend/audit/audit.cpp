#include "jobmedic/audit.hpp"

#include <map>

#include "json/value.hpp"
#include "recommend/audit/audits.hpp"

namespace jobmedic {
namespace {

using Verdicts = std::map<std::string, std::string>;  // by audit

Verdicts verdicts_of(std::string_view report) {
  Verdicts verdicts;
  const json::Value value = report.empty() ? json::Value() : json::parse(report);
  const json::Value* list = value.find("audits");
  const auto* audits = list == nullptr ? nullptr : list->as<json::Array>();
  if (audits == nullptr) return verdicts;
  for (const json::Value& audit : *audits) {
    const json::Value* name = audit.find("name");
    const json::Value* verdict = audit.find("verdict");
    const bool complete = name != nullptr && verdict != nullptr && name->as<std::string>() != nullptr &&
                          verdict->as<std::string>() != nullptr;
    if (complete) verdicts[*name->as<std::string>()] = *verdict->as<std::string>();
  }
  return verdicts;
}

}  // namespace

std::string Audit::to_json() const {
  json::Value range;
  if (interval) range = json::Array{(*interval)[0], (*interval)[1]};
  return json::write(json::object({{"name", name},
                                   {"verdict", verdict},
                                   {"measured", measured ? json::Value(*measured) : json::Value()},
                                   {"bound", bound},
                                   {"interval", std::move(range)},
                                   {"words", words}}));
}

std::vector<std::string> blocking(std::string_view report, std::string_view serving_report) {
  const Verdicts own = verdicts_of(report);
  if (own.empty()) return {"audits"};
  const Verdicts serving = verdicts_of(serving_report);
  std::vector<std::string> names;
  for (const auto& [name, verdict] : own) {
    const auto before = serving.find(name);
    const bool proven_before = before != serving.end() && before->second == "passed";
    if (verdict == "failed" || (verdict != "passed" && proven_before)) names.push_back(name);
  }
  return names;
}

namespace audits {

std::vector<Audit> all(const model::Training& training, const Rivals& rivals, const Space& space) {
  const auto model = Model::parse(training.weights.to_safetensors());
  return {better_than_serving(training, rivals),
          better_than_fallback(training, rivals),
          calibration(training, rivals),
          monotonicity(*model, space, rivals.samples()),
          feature_shift(training.data),
          latency(*model, space, rivals.samples()),
          edge_inputs(*model, space, rivals.samples())};
}

}  // namespace audits
}  // namespace jobmedic
