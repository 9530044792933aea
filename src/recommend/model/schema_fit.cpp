#include "recommend/model/schema_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/hash.hpp"

namespace jobmedic::model {
namespace {

ParameterFeature describe(const Parameter& parameter) {
  ParameterFeature feature;
  feature.name = parameter.name;
  feature.categorical = parameter.type == ParameterType::categorical;
  if (feature.categorical) return feature;
  feature.octaves = parameter.min > 0;
  feature.width = feature.octaves ? 1 : std::max(parameter.max - parameter.min, 1e-9);
  feature.monotone = feature.octaves && is_memory(parameter);
  return feature;
}

std::vector<NumberFeature> possible_numbers(const std::set<std::string>& metrics,
                                            const std::vector<ParameterFeature>& parameters) {
  std::vector<NumberFeature> numbers;
  numbers.reserve(metrics.size() + parameters.size());
  for (const std::string& metric : metrics) numbers.push_back({metric, "", "", 0, 1, false});
  for (const char* lesson : {"retry_odds", "retries"}) numbers.push_back({"", "", lesson, 0, 1, false});
  for (const ParameterFeature& parameter : parameters) {
    if (parameter.categorical) continue;
    numbers.push_back({"", parameter.name, "", 0, 1, false});
    if (!parameter.lessons) continue;
    for (const char* lesson : {"proven", "guessed", "other", "failed", "need", "spread", "runs"}) {
      numbers.push_back({"", parameter.name, lesson, 0, 1, false});
    }
  }
  if (numbers.size() > max_numbers) numbers.resize(max_numbers);
  return numbers;
}

}  // namespace

SchemaFit::SchemaFit(const Space& space) : space_(space) {
  for (std::size_t i = 0; i < std::min(space.parameters.size(), max_parameters); ++i) {
    parameters_.push_back({describe(space.parameters[i]), {}, {}, {}});
  }
}

void SchemaFit::look_at(const ExampleSet& set) {
  for (const Example& example : set.examples) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      Seen& parameter = parameters_[i];
      const double value = example.point[i];
      if (std::isnan(value)) continue;
      if (parameter.values.size() < 2) parameter.values.insert(value);
      const double at = parameter.feature.categorical ? 0 : position(parameter.feature, value);
      if (!std::isnan(at)) parameter.positions.add(at);
    }
  }
  for (const FailedAttempt& failed : set.failed) look_at(failed);
}

void SchemaFit::look_at(const FailedAttempt& failed) {
  ++failed_;
  any_past_ = any_past_ || !failed.past().empty();
  for (std::string& name : metric_names(failed.attempt())) metrics_.insert(std::move(name));
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const double given = failed.before()[i] * bytes_per_unit(space_.parameters[i]);
    if (!parameters_[i].feature.monotone || !(given > 0)) continue;
    for (const auto& [name, value] : failed.attempt().metrics) {
      const bool peak = name.find("peak") != std::string::npos && name.ends_with("_bytes");
      if (peak && value > 0) parameters_[i].fullness[name].add(std::log2(value / given));
    }
  }
}

// The peak that was closest to its limit, failure by failure: what ran full is what failed.
std::string SchemaFit::fullest_peak(const Seen& parameter) const {
  std::string best;
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [name, ratio] : parameter.fullness) {
    if (2 * ratio.present < failed_ || ratio.deviation() >= least) continue;
    least = ratio.deviation();
    best = name;
  }
  return best;
}

// Only parameters that took several values: about others the history tells nothing. What a job's earlier runs say of
// an amount of memory is of use where some failed attempts have them.
void SchemaFit::choose() {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    Seen& parameter = parameters_[i];
    if (parameter.values.size() < 2) continue;
    parameter.feature.center = parameter.positions.mean();
    parameter.feature.lessons = any_past_ && parameter.feature.monotone;
    if (parameter.feature.monotone) parameter.feature.peak = fullest_peak(parameter);
    schema_.parameters.push_back(parameter.feature);
    needs_.push_back({bytes_per_unit(space_.parameters[i]), {}});
  }
  possible_ = possible_numbers(metrics_, schema_.parameters);
  summaries_.resize(possible_.size());
}

void SchemaFit::measure(const ExampleSet& set, std::span<const Attempt> history) {
  for (std::size_t i = 0; i < needs_.size(); ++i) {
    const std::string& peak = schema_.parameters[i].peak;
    if (peak.empty()) continue;
    for (const Attempt& attempt : history) {
      const auto used = attempt.metrics.find(peak);
      if (!attempt.outcome || !attempt.outcome->succeeded || used == attempt.metrics.end()) continue;
      needs_[i].of_jobs.add(hash64(attempt.job), hash64(attempt.run), std::log2(used->second / needs_[i].unit));
    }
  }
  for (const FailedAttempt& failed : set.failed) {
    const Encoder encoder(schema_, failed);
    for (std::size_t i = 0; i < possible_.size(); ++i) summaries_[i].add(encoder.value_of(possible_[i]));
  }
}

FeatureSchema SchemaFit::result() const {
  FeatureSchema schema = schema_;
  for (std::size_t i = 0; i < needs_.size(); ++i) schema.parameters[i].cohort = needs_[i].of_jobs.result();
  for (std::size_t i = 0; i < possible_.size(); ++i) {
    const Summary& summary = summaries_[i];
    const bool sometimes_missing = summary.absent > 0 && summary.present > 0;
    if (summary.deviation() < 1e-6 && !sometimes_missing) continue;
    NumberFeature number = possible_[i];
    number.mean = summary.mean();
    number.deviation = std::max(summary.deviation(), 0.05);
    number.sometimes_missing = sometimes_missing;
    schema.numbers.push_back(number);
  }
  return schema;
}

FeatureSchema fit_schema(const ExampleSet& set, std::span<const Attempt> history, const Space& space) {
  SchemaFit fit(space);
  fit.look_at(set);
  fit.choose();
  fit.measure(set, history);
  return fit.result();
}

}  // namespace jobmedic::model
