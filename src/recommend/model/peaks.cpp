#include "recommend/model/peaks.hpp"

#include <algorithm>
#include <cmath>

#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "recommend/model/features.hpp"
#include "recommend/model/past.hpp"

namespace jobmedic::model {
std::optional<Peak> peak_of(const Attempt& attempt, const Space& space) {
  const auto label = attempt.labels.find("peak");
  if (label == attempt.labels.end() || !attempt.outcome || !attempt.outcome->succeeded) return std::nullopt;
  const auto metric = attempt.metrics.find(label->second);
  if (metric == attempt.metrics.end() || !(metric->second > 0)) return std::nullopt;
  const Point point = configured(attempt, space);
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (!is_memory(space.parameters[i]) || !(point[i] > 0)) continue;
    return Peak{i, std::ceil(metric->second / bytes_per_unit(space.parameters[i])), point[i], label->second};
  }
  return std::nullopt;
}

double draw_share(Random& random) {
  return std::exp(std::log(least_share) * (1 - random.uniform()));
}

std::string with_value(const std::string& config, const Space& space, std::size_t parameter, double value) {
  json::Value document = json::parse(config);
  const std::string& name = space.parameters[parameter].name;
  const std::string text = space.format(parameter, std::round(value));
  json::Value* member = document.find(name);
  const bool number = member != nullptr && member->is_number() && space.parameters[parameter].unit.empty();
  const json::Value written = number ? json::parse(text) : json::Value(text);
  if (member != nullptr) {
    *member = written;
  } else if (auto* object = document.as<json::Object>()) {
    object->emplace_back(name, written);
  }
  return json::write(document);
}

Attempt tried_with(const Attempt& recorded, const Peak& peak, const Space& space, double memory) {
  Attempt tried = recorded;
  tried.document.clear();
  tried.config = with_value(recorded.config, space, peak.parameter, memory);
  std::erase_if(tried.metrics, [](const auto& metric) { return !metric.first.starts_with("input_"); });
  tried.metrics[peak.metric] =
      std::min(recorded.metrics.at(peak.metric), memory * bytes_per_unit(space.parameters[peak.parameter]));
  Outcome outcome;
  outcome.succeeded = memory >= peak.least;
  if (!outcome.succeeded) outcome.category = "memory_config";
  if (recorded.outcome->cost_usd) outcome.cost_usd = *recorded.outcome->cost_usd * memory / peak.given;
  tried.outcome = outcome;
  return tried;
}

}  // namespace jobmedic::model
