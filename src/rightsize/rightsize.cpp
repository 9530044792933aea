#include "jobmedic/rightsize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/embedded.hpp"
#include "json/reader.hpp"
#include "rightsize/demand.hpp"
#include "rightsize/sizer.hpp"

namespace jobmedic {
namespace {

using namespace sizing;

constexpr std::size_t most_runs = 100;
constexpr double worth_it = 0.95;  // a change by less is not worth a patch

// A bound on the next allocation, and why.
struct Floor {
  double least = 0;
  std::string why;
  void raise(double to, std::string reason) {
    if (to <= least) return;
    least = to;
    why = std::move(reason);
  }
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

// How many times as much input as any run that told a peak: 1 where there is no more.
double more_input(const std::vector<double>& next, const std::vector<Run>& runs) {
  double most = 1;
  for (std::size_t i = 0; i < next.size(); ++i) {
    double seen = 0;
    for (const Run& run : runs) {
      if (run.peak && std::isfinite(run.inputs[i])) seen = std::max(seen, run.inputs[i]);
    }
    if (seen > 0) most = std::max(most, next[i] / seen);
  }
  return most;
}

// The smallest limit above those with which runs took too long; 0: none did. Durations of runs with known inputs are
// compared per unit of the first.
double too_slow(const std::vector<Run>& runs, double max_slowdown) {
  const auto speed = [](const Run& run) {
    const bool known = !run.inputs.empty() && std::isfinite(run.inputs[0]) && run.inputs[0] > 0;
    return *run.duration_s / (known ? run.inputs[0] : 1);
  };
  std::map<double, std::vector<double>> by_limit;
  for (const Run& run : runs) {
    if (run.succeeded && run.limit && run.duration_s) by_limit[*run.limit].push_back(speed(run));
  }
  if (by_limit.size() < 2) return 0;
  const double usual = median(by_limit.rbegin()->second);
  double least = 0;
  for (auto each = by_limit.begin(); std::next(each) != by_limit.end(); ++each) {
    const bool slow = each->second.size() > 1 && median(each->second) > max_slowdown * usual;
    if (slow) least = std::next(each)->first;
  }
  return least;
}

struct Sized {
  double value = 0;
  double failure_probability = 0;
  double largest = 0;
  int successes = 0;
  bool may_grow = false;  // some run shows that more is needed
  Floor floor;
};

// What a run proved to need: more than it had, where it nearly filled that or failed.
double need_of(const Run& run, const RightsizePolicy& policy, bool discrete, bool& grow) {
  const double peak = run.peak.value_or(0);
  if (run.out_of_memory) {
    grow = true;
    return policy.growth * std::max(peak, run.limit.value_or(0));
  }
  // Work takes all cores that it is given: that none was idle is no sign of need.
  if (!discrete && run.limit && !run.upper_bound && peak >= policy.close_share * *run.limit) {
    grow = true;
    return peak * std::sqrt(policy.growth);
  }
  return peak;
}

// To the next value that the parameter takes.
double rounded_up(const Space& space, std::size_t parameter, double value) {
  const Parameter& known = space.parameters[parameter];
  const double spacing = space.spacing(parameter);
  const double steps = spacing > 0 ? std::ceil((value - known.min) / spacing - 1e-9) * spacing + known.min : value;
  return space.snap(parameter, std::clamp(steps, known.min, known.max));
}

double rounded_down(const Space& space, std::size_t parameter, double value) {
  const double up = rounded_up(space, parameter, value);
  return up > value ? rounded_up(space, parameter, up - space.spacing(parameter)) : up;
}

Sized sized(const std::vector<Run>& runs, const std::vector<double>& inputs, const RightsizePolicy& policy,
            const Space& space, std::size_t index) {
  const Parameter& parameter = space.parameters[index];
  const bool discrete = !is_memory(parameter);
  Sized result;
  constexpr double gb_hours = 1e9 * 3600;
  Sizer sizer(inputs.size(), discrete ? 0 : policy.failure_price_gbh * gb_hours / bytes_per_unit(parameter),
              discrete ? 0 : policy.failure_price_runs);
  double largest_need = 0;
  double most_had = 0;
  for (const Run& run : runs) {
    most_had = std::max(most_had, run.limit.value_or(0));
    bool grow = false;
    const double need = need_of(run, policy, discrete, grow);
    if (need <= 0) continue;
    result.may_grow |= grow;
    largest_need = std::max(largest_need, need);
    if (run.peak) result.largest = std::max(result.largest, *run.peak);
    if (run.succeeded) ++result.successes;
    sizer.observe({run.inputs, need, run.duration_s.value_or(1)});
  }
  if (largest_need == 0) return result;
  const double more = more_input(inputs, runs);
  const auto n = static_cast<double>(sizer.count());
  // Among n + 1 exchangeable runs the next is the largest with probability 1 / (n + 1): the fewer, the wider.
  // And so wide that the same peak again does not count as near its limit.
  const double margin = discrete ? 1 : std::max(1 + 0.5 / n, 1.02 / policy.close_share);
  result.floor.raise(largest_need * margin, fmt::format("the most that {} runs needed, and a margin", sizer.count()));
  if (more > 1) {
    result.may_grow = true;
    result.floor.raise(largest_need * margin * more, fmt::format("{:.1f} times the largest input seen so far", more));
  }
  if (const double least = too_slow(runs, policy.max_slowdown); least > 0) {
    result.floor.raise(least, fmt::format("with less, runs took more than {:.2g} times as long", policy.max_slowdown));
  }
  if (discrete) {  // given back for more input, but no more than was ever had
    result.value = std::min(std::ceil(result.floor.least - 1e-9), std::max(most_had, result.largest));
    return result;
  }
  const double most = rounded_down(space, index, policy.max_headroom * largest_need * more);
  if (const auto sizing = sizer.size(inputs, policy.max_failure_probability, most)) {
    result.value = sizing->allocation;
    // The floor lies above the largest need, which the next of n + 1 alike runs exceeds with probability 1 / (n + 1);
    // one with more input than any is not alike.
    const double exceeded = more > 1 ? 1 : 1 / (n + 1);
    result.failure_probability = std::min(sizing->failure_probability, exceeded);
  }
  result.value = std::max(result.value, result.floor.least);
  return result;
}

Rightsizing::Setting setting_of(const Attempt& next, std::span<const Attempt> past, const Sizeable& what,
                                const Space& space, const RightsizePolicy& policy) {
  const std::vector<std::string> names = inputs_of(next, past);
  const std::vector<Run> runs = runs_of(past, what, space, names);
  const Parameter& parameter = space.parameters[what.parameter];
  Rightsizing::Setting setting;
  setting.parameter = parameter.name;
  setting.decision = "keep";
  auto had = limit_of(next, what.parameter, space);
  if (!runs.empty() && runs.back().limit) had = runs.back().limit;
  if (had) setting.before = space.format(what.parameter, *had);
  setting.after = setting.before;
  const Sized size = sized(runs, values_of(next, names), policy, space, what.parameter);
  setting.peak = size.largest;
  setting.runs = size.successes;
  const auto kept = [&](std::string reason) {
    setting.reason = std::move(reason);
    return setting;
  };
  if (size.value <= 0) return kept(fmt::format("no run tells {}", what.peaks.empty() ? "" : what.peaks[0].metric));
  if (!had) return kept("what the runs had is unknown");
  const double wanted = rounded_up(space, what.parameter, size.value);
  if (wanted < *had) {
    if (size.successes < policy.least_runs) {
      return kept(fmt::format("{} of at least {} runs that tell a peak: too few to take anything away", size.successes,
                              policy.least_runs));
    }
    const double least = rounded_up(space, what.parameter, policy.most_shrink * *had);
    const double value = std::max(wanted, least);
    if (value > worth_it * *had) return kept("it has what it needs");
    setting.decision = "shrink";
    setting.after = space.format(what.parameter, value);
    setting.failure_probability = size.failure_probability;
    setting.reason = fmt::format("{} runs used at most {}; {}", size.successes,
                                 space.format(what.parameter, std::ceil(size.largest)),
                                 value > wanted                   ? "no further at once"
                                 : size.floor.least >= size.value ? size.floor.why
                                                                  : "the least expected waste");
    return setting;
  }
  if (wanted > *had && size.may_grow) {
    setting.decision = "grow";
    setting.after = space.format(what.parameter, wanted);
    setting.failure_probability = size.failure_probability;
    setting.reason = size.floor.least >= size.value && size.floor.why.find("input") != std::string::npos
                         ? size.floor.why
                         : "a run came close to its limit, or failed for want of it";
    return setting;
  }
  setting.failure_probability = size.failure_probability;
  return kept("it has what it needs");
}

json::Value as_written(const Space& space, std::size_t parameter, const std::string& text) {
  const Parameter& known = space.parameters[parameter];
  return known.unit.empty() && known.absent.empty() ? json::parse(text) : json::Value(text);
}

}  // namespace

std::string shipped_space(std::string_view engine) {
  std::string_view generic;
  for (const EmbeddedFile& file : embedded::engines()) {
    const std::string_view name = file.name.substr(0, file.name.rfind(".json"));
    if (name == engine) return std::string(file.text);
    if (name == "generic") generic = file.text;
  }
  return std::string(generic);
}

Rightsizing rightsize(const Attempt& next, std::span<const Attempt> past, std::string_view space_document,
                      const RightsizePolicy& policy) {
  const Space space = Space::parse(space_document);
  if (past.size() > most_runs) past = past.last(most_runs);
  Rightsizing answer;
  answer.job = next.job;
  answer.decision = "keep";
  json::Array operations;
  for (const Sizeable& what : sizeable(space_document, space)) {
    Rightsizing::Setting setting = setting_of(next, past, what, space, policy);
    if (setting.decision != "keep") {
      operations.emplace_back(json::object({{"op", "add"},
                                            {"path", "/" + json::escape_pointer_token(setting.parameter)},
                                            {"value", as_written(space, what.parameter, setting.after)}}));
    }
    answer.settings.push_back(std::move(setting));
  }
  if (!operations.empty()) {
    answer.decision = "patch";
    answer.patch = json::write(operations);
  }
  for (const Rightsizing::Setting& setting : answer.settings) {
    if (setting.decision == "keep") continue;
    answer.reason += fmt::format("{}{} {} -> {}: {}", answer.reason.empty() ? "" : "; ", setting.parameter,
                                 setting.before, setting.after, setting.reason);
  }
  if (answer.reason.empty()) {
    answer.reason = answer.settings.empty() ? "no parameter of this space says how its need is measured (\"peak\")"
                                            : answer.settings.front().parameter + ": " + answer.settings.front().reason;
  }
  return answer;
}

}  // namespace jobmedic
