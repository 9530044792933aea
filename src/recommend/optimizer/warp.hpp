#pragma once
#include <Eigen/Core>
#include <span>

namespace jobmedic::optimizer {

/// Observed values as a Gaussian process likes them: far-bad values compressed, failed trials (not finite) as bad as
/// the worst, mean 0 and deviation 1. Order is kept. At least one value is finite.
Eigen::VectorXd warped(std::span<const double> values);

}  // namespace jobmedic::optimizer
