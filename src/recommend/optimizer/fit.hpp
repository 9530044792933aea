#pragma once
#include <Eigen/Core>

#include "recommend/optimizer/gaussian_process.hpp"

namespace jobmedic::optimizer {

/// Hyperparameters as one vector: log lengths, log signal, log noise.
Eigen::VectorXd packed(const Hyperparameters& hyperparameters);
Hyperparameters unpacked(const Eigen::VectorXd& theta);

/// The most probable hyperparameters before any observation.
Hyperparameters prior_mode(Eigen::Index dimensions);

/// -log p(values | theta) - log p(theta), up to a constant, and its gradient. Infinite where the covariance is not
/// positive definite in double precision.
double negative_log_posterior(const Data& data, const Eigen::VectorXd& theta, Eigen::VectorXd& gradient);

/// Maximum a posteriori, by quasi-Newton from `start` with at most that many evaluations.
struct Fit {
  Hyperparameters hyperparameters;
  double value = 0;
};
Fit fit(const Data& data, const Hyperparameters& start, int evaluations);

}  // namespace jobmedic::optimizer
