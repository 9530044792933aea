#pragma once
#include <cstddef>

#include "rightsize/expert.hpp"

/// Predictions from the neighbours of an input. `without`: the index of the run that is left out, or nobody.
namespace jobmedic::sizing {

constexpr auto nobody = static_cast<std::size_t>(-1);

/// The mean of the `count` runs with the nearest inputs (by logarithm), the nearer the heavier.
double nearest_mean(const Sorted& runs, double log_x, std::size_t without, std::size_t count);
/// A line through the logarithms of the nearest third, weighted by distance (tricube).
double curve_at(const Sorted& runs, double log_x, std::size_t without);

}  // namespace jobmedic::sizing
