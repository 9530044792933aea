#include "recommend/narrow.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "jobmedic/error.hpp"
#include "recommend/fallback.hpp"

namespace jobmedic::recommender {
namespace {

struct Bounds {
  double min;
  double max;
  double start;
};

// Growth is capped for whatever may grow, not only for sizes: a model knows little of 8 times the partitions.
std::optional<Bounds> bounds_of(const Space& space, std::size_t i, double now, Direction direction,
                                const Policy& policy) {
  const Parameter& parameter = space.parameters[i];
  const bool grows_freely = direction == Direction::any && parameter.unit.empty();
  const auto top = grows_freely ? std::optional(parameter.max) : ceiling(space, i, now, policy);
  const auto floor = direction == Direction::up ? at_least(space, i, now) : std::optional(parameter.min);
  const auto lid = direction == Direction::down ? at_most(space, i, now) : top;
  if (!floor || !lid || !(*floor < *lid)) return std::nullopt;
  return Bounds{*floor, *lid, std::clamp(space.snap(i, now), *floor, *lid)};
}

// A constraint over the searched parameters alone: what stays as it is moves into the coefficients and the limit.
class Restated {
 public:
  Restated(const NarrowSpace& narrow, const Configuration& configuration)
      : narrow_(&narrow), configuration_(&configuration), base_(configuration.after({})) {}

  [[nodiscard]] Constraint operator()(const Constraint& original) const {
    Constraint constraint{original.name, {}, original.limit};
    for (const auto& term : original.terms) add(term, constraint);
    return constraint;
  }

 private:
  [[nodiscard]] bool searched(const std::string& name) const {
    const auto& all = narrow_->space.parameters;
    return std::any_of(all.begin(), all.end(), [&](const Parameter& p) { return p.name == name; });
  }
  [[nodiscard]] double fixed(const std::string& name) const {
    const auto i = configuration_->index(name);
    return i && !std::isnan(base_[*i]) ? base_[*i] : 0;
  }
  void add(const Constraint::Term& term, Constraint& to) const {
    if (searched(term.parameter)) {
      const bool product = !term.times.empty() && searched(term.times);
      const double factor = term.times.empty() || product ? 1 : fixed(term.times);
      to.terms.push_back({term.coefficient * factor, term.parameter, product ? term.times : ""});
    } else if (!term.times.empty() && searched(term.times)) {
      to.terms.push_back({term.coefficient * fixed(term.parameter), term.times, ""});
    } else {
      to.limit -= term.coefficient * fixed(term.parameter) * (term.times.empty() ? 1 : fixed(term.times));
    }
  }

  const NarrowSpace* narrow_;
  const Configuration* configuration_;
  Point base_;
};

void add_parameter(NarrowSpace& narrow, const Configuration& configuration, std::size_t i, const Bounds& bounds) {
  Parameter parameter = configuration.space().parameters[i];
  parameter.min = bounds.min;
  parameter.max = bounds.max;
  narrow.space.parameters.push_back(std::move(parameter));
  narrow.parameters.push_back(i);
  narrow.start.push_back(bounds.start);
}

// False where what stays as it is leaves no room.
bool add_constraints(NarrowSpace& narrow, const Configuration& configuration) {
  const Restated restated(narrow, configuration);
  for (const Constraint& original : configuration.space().constraints) {
    Constraint constraint = restated(original);
    if (!constraint.terms.empty()) narrow.space.constraints.push_back(std::move(constraint));
  }
  try {
    narrow.space.check();
  } catch (const Error&) {
    return false;
  }
  return true;
}

}  // namespace

Changes NarrowSpace::changes(const Point& point, const Configuration& configuration) const {
  Changes changes;
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (configuration.value(parameters[i]) != point[i]) changes[parameters[i]] = point[i];
  }
  return changes;
}

std::optional<NarrowSpace> narrow(const Remedy& remedy, const Configuration& configuration, const Policy& policy,
                                  const Model& model) {
  NarrowSpace narrow;
  for (const Change& change : remedy.changes) {
    const auto i = configuration.index(change.parameter);
    const auto now = i ? configuration.value(*i) : std::nullopt;
    const bool known = now && change.search != Direction::none && model.learned(change.parameter);
    const bool failed_one = !remedy.rules.empty() && &change == &remedy.changes.front();
    if (failed_one && !known) return std::nullopt;
    if (!known) continue;
    const auto bounds = bounds_of(configuration.space(), *i, *now, change.search, policy);
    if (bounds) add_parameter(narrow, configuration, *i, *bounds);
  }
  if (narrow.parameters.empty() || !add_constraints(narrow, configuration)) return std::nullopt;
  return narrow;
}

}  // namespace jobmedic::recommender
