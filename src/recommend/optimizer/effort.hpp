#pragma once
#include <cmath>
#include <cstddef>

namespace jobmedic::optimizer {

/// So much of a usual number as OptimizerOptions::effort says, but something.
inline std::size_t part_of(std::size_t usual, double effort) {
  return static_cast<std::size_t>(std::ceil(effort * static_cast<double>(usual)));
}

}  // namespace jobmedic::optimizer
