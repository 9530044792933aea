#pragma once
#include <algorithm>
#include <cmath>

#include "jobmedic/attempt.hpp"

/// Costs are learned in logarithms, relative to what the failed attempt cost: jobs differ by orders of magnitude, their
/// retries by a small factor.
namespace jobmedic::model {

/// NaN: unknown.
inline double log_cost(double cost_usd) {
  return std::log(std::clamp(cost_usd, 1e-12, 1e12));
}

/// What the network's log cost is added to; `unknown` where the failed attempt's own cost is not known.
inline double cost_offset(const Attempt& failed, double unknown) {
  const bool known = failed.outcome && failed.outcome->cost_usd && *failed.outcome->cost_usd > 0;
  return known ? log_cost(*failed.outcome->cost_usd) : unknown;
}

/// Always positive and finite.
inline double expected_cost(double log_cost) {
  return std::exp(std::clamp(log_cost, -30.0, 30.0));
}

}  // namespace jobmedic::model
