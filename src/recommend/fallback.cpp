#include "recommend/fallback.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace jobmedic::recommender {
namespace {

double step_of(const Parameter& parameter) {
  if (parameter.step > 0) return parameter.step;
  return parameter.type == ParameterType::integer ? 1 : 0;
}

double wanted(const Change& change, double now) {
  return std::max({now * change.times, now + change.plus, change.at_least});
}

// The largest value up to `target` that keeps every constraint; `now` where none above it does.
double within_constraints(const Configuration& configuration, Changes changes, std::size_t i, double now,
                          double target) {
  const auto holds = [&](double value) {
    changes[i] = value;
    return configuration.broken(configuration.after(changes)) == nullptr;
  };
  if (holds(target)) return target;
  double low = now;
  double high = target;
  constexpr int halvings = 40;
  for (int n = 0; n < halvings; ++n) {
    const double middle = low + (high - low) / 2;
    (holds(middle) ? low : high) = middle;
  }
  const auto snapped = at_most(configuration.space(), i, low);
  return snapped && holds(*snapped) ? *snapped : now;
}

std::string constraint_name(const Configuration& configuration, Changes changes, std::size_t i, double value) {
  changes[i] = value;
  const Constraint* broken = configuration.broken(configuration.after(changes));
  return broken == nullptr ? "" : broken->name;
}

struct Target {
  std::optional<double> value;
  std::string obstacle;
};

Target target_of(const Change& change, std::size_t i, double now, const Configuration& configuration,
                 const Changes& so_far, const Policy& policy) {
  const Space& space = configuration.space();
  const auto limit = ceiling(space, i, now, policy);
  const auto goal = at_least(space, i, std::min(wanted(change, now), space.parameters[i].max));
  const double reached = std::min(goal.value_or(now), limit.value_or(now));
  if (reached <= now) {
    return {std::nullopt, fmt::format("{} is at its cap already ({})", change.parameter, configuration.shown(i))};
  }
  const double value = within_constraints(configuration, so_far, i, now, reached);
  if (value > now) return {value, ""};
  return {std::nullopt, fmt::format("{} cannot grow beyond {}: \"{}\" would be broken", change.parameter,
                                    configuration.shown(i), constraint_name(configuration, so_far, i, reached))};
}

}  // namespace

std::optional<double> at_least(const Space& space, std::size_t i, double value) {
  const double near = space.snap(i, value);
  const double snapped = near >= value ? near : space.snap(i, near + step_of(space.parameters[i]));
  if (!(snapped >= value)) return std::nullopt;
  return snapped;
}

std::optional<double> at_most(const Space& space, std::size_t i, double value) {
  const double near = space.snap(i, value);
  const double snapped = near <= value ? near : space.snap(i, near - step_of(space.parameters[i]));
  if (!(snapped <= value)) return std::nullopt;
  return snapped;
}

std::optional<double> ceiling(const Space& space, std::size_t i, double value, const Policy& policy) {
  return at_most(space, i, std::min(space.parameters[i].max, value * policy.max_growth));
}

const Remedy* remedy_for(const Classification& verdict, const Remedies& remedies, const Configuration& configuration) {
  if (!verdict.classified) return &remedies.unclassified;
  for (const Remedy& remedy : remedies.list) {
    if (!remedy.covers(verdict.rule) || !configuration.has(remedy.when)) continue;
    if (remedy.changes.empty()) return &remedy;
    const auto i = configuration.index(remedy.changes.front().parameter);
    if (i && configuration.value(*i)) return &remedy;
  }
  return nullptr;
}

Plan plan(const Remedy& remedy, const Configuration& configuration, const Policy& policy) {
  Plan plan;
  for (const Change& change : remedy.changes) {
    const auto i = configuration.index(change.parameter);
    const auto now = i ? configuration.value(*i) : std::nullopt;
    if (!now || wanted(change, *now) == *now) continue;
    const Target target = target_of(change, *i, *now, configuration, plan.changes, policy);
    if (target.value) {
      plan.changes[*i] = *target.value;
    } else if (&change == &remedy.changes.front()) {
      plan.obstacle = target.obstacle;
      return plan;
    }
  }
  return plan;
}

}  // namespace jobmedic::recommender
