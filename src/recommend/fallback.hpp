#pragma once
#include <optional>
#include <string>

#include "jobmedic/classify.hpp"
#include "jobmedic/policy.hpp"
#include "recommend/configuration.hpp"
#include "recommend/remedies.hpp"

/// The documented policy without a model, and the limits that hold with one, too.
namespace jobmedic::recommender {

/// Permitted values nearest to `value` from above or below; none beyond the bounds.
std::optional<double> at_least(const Space& space, std::size_t parameter, double value);
std::optional<double> at_most(const Space& space, std::size_t parameter, double value);

/// The largest permitted value of a parameter that has `value` now: its bound, or max_growth times `value`.
std::optional<double> ceiling(const Space& space, std::size_t parameter, double value, const Policy& policy);

/// The remedy that decides: the first that covers the rule and whose first parameter has a value. Null: none.
const Remedy* remedy_for(const Classification& verdict, const Remedies& remedies, const Configuration& configuration);

struct Plan {
  Changes changes;
  std::string obstacle;  ///< why the resource that failed cannot grow; then there are no changes
};

/// What the remedy's factors make of the configuration, within bounds, max_growth and constraints.
Plan plan(const Remedy& remedy, const Configuration& configuration, const Policy& policy);

}  // namespace jobmedic::recommender
