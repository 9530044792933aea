#include "rightsize/demand.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "jobmedic/error.hpp"
#include "json/reader.hpp"
#include "recommend/optimizer/setting.hpp"

namespace jobmedic::sizing {
namespace {

constexpr double absurd = 16;  // times the largest permitted: no peak, but an error of whoever measured it

std::optional<double> metric_of(const Attempt& attempt, const std::string& name) {
  const auto found = attempt.metrics.find(name);
  if (found == attempt.metrics.end() || !std::isfinite(found->second) || found->second < 0) return std::nullopt;
  return found->second;
}

// In the parameter's unit.
void read_peak(const Attempt& attempt, const Sizeable& what, const Parameter& parameter, Run& run) {
  for (const PeakMetric& source : what.peaks) {
    auto value = metric_of(attempt, source.metric);
    if (value && !source.less.empty()) {
      const auto less = metric_of(attempt, source.less);
      value = less ? std::optional(*value - *less) : std::nullopt;
    }
    if (!value || *value <= 0) continue;
    const double peak = *value / bytes_per_unit(parameter);
    if (peak > absurd * parameter.max) continue;
    run.peak = peak;
    run.upper_bound = source.upper_bound;
    return;
  }
}

// A job has more than one memory, and a failure for want of one tells nothing of those of which it used little, or
// whose use nobody measures but from above.
bool blames(const Run& run, const Sizeable& what) {
  constexpr double little = 0.5;
  if (run.peak && run.limit && *run.peak < little * *run.limit) return false;
  return std::any_of(what.peaks.begin(), what.peaks.end(), [](const PeakMetric& peak) { return !peak.upper_bound; });
}

}  // namespace

std::vector<Sizeable> sizeable(std::string_view space_document, const Space& space) {
  std::vector<Sizeable> all;
  const json::Value value = json::parse(space_document);
  const auto parameters = json::Reader(value).at("parameters").items();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto peaks = parameters[i].find("peak");
    if (!peaks || space.parameters.at(i).type == ParameterType::categorical) continue;
    Sizeable one{i, {}};
    for (const json::Reader& peak : peaks->items()) {
      one.peaks.push_back(
          {peak.at("metric").string(), peak.string_or("less", ""), peak.boolean_or("upper_bound", false)});
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::optional<double> limit_of(const Attempt& attempt, std::size_t parameter, const Space& space) {
  const std::optional<double> limit = setting(json::parse(attempt.config), parameter, space);
  return limit && std::isfinite(*limit) && *limit > 0 ? limit : std::nullopt;
}

std::vector<std::string> inputs_of(const Attempt& next, std::span<const Attempt> past) {
  constexpr std::size_t most = 4;
  std::vector<std::string> names;
  for (const auto& metric : next.metrics) {
    const std::string& name = metric.first;
    const double value = metric.second;
    if (!name.starts_with("input_") || !std::isfinite(value) || value < 0 || names.size() == most) continue;
    const bool known = std::any_of(past.begin(), past.end(),
                                   [&](const Attempt& attempt) { return metric_of(attempt, name).has_value(); });
    if (known) names.push_back(name);
  }
  return names;
}

std::vector<double> values_of(const Attempt& attempt, const std::vector<std::string>& metrics) {
  std::vector<double> values;
  values.reserve(metrics.size());
  for (const std::string& name : metrics) {
    values.push_back(metric_of(attempt, name).value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return values;
}

std::vector<Run> runs_of(std::span<const Attempt> past, const Sizeable& what, const Space& space,
                         const std::vector<std::string>& inputs) {
  constexpr std::int64_t killed = 137;
  std::vector<Run> runs;
  for (const Attempt& attempt : past) {
    if (!attempt.outcome) continue;
    Run run;
    run.succeeded = attempt.outcome->succeeded;
    run.limit = limit_of(attempt, what.parameter, space);
    read_peak(attempt, what, space.parameters[what.parameter], run);
    const bool of_memory = attempt.outcome->category == "memory_config" ||
                           (attempt.outcome->category.empty() && attempt.outcome->exit_code == killed);
    run.out_of_memory = !run.succeeded && of_memory && is_memory(space.parameters[what.parameter]) && blames(run, what);
    if (!run.succeeded && !run.out_of_memory) continue;
    run.inputs = values_of(attempt, inputs);
    if (attempt.duration_s && std::isfinite(*attempt.duration_s) && *attempt.duration_s > 0) {
      run.duration_s = attempt.duration_s;
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace jobmedic::sizing
