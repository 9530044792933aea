#pragma once
#include <Eigen/Core>
#include <span>

namespace jobmedic::optimizer {

struct Warped {
  Eigen::VectorXd values;   ///< mean 0, deviation 1, order kept
  double log_jacobian = 0;  ///< of the finite values: makes likelihoods under different bends comparable
};

/// Observed values as a Gaussian process likes them. Near the best all stays linear; what is further above it than
/// `bend` times the median counts by its logarithm, and nothing counts as further than a thousand times. A failed trial
/// (not finite) is as bad as the worst. At least one value is finite.
Warped warped(std::span<const double> values, double bend);

}  // namespace jobmedic::optimizer
