#pragma once
#include <Eigen/Core>
#include <vector>

#include "recommend/optimizer/kernel.hpp"

namespace jobmedic::optimizer {

/// Hyperparameters as one vector: log lengths, log signal, log noise.
Eigen::VectorXd packed(const Hyperparameters& hyperparameters);
Hyperparameters unpacked(const Eigen::VectorXd& theta);

/// The most probable hyperparameters before any observation.
Hyperparameters prior_mode(Eigen::Index dimensions);

/// How well hyperparameters explain values observed at fixed points (Rasmussen and Williams 2006, section 5.4.1). What
/// all evaluations share, whatever the values, is computed once and memory is taken once: a fit asks dozens of times.
class Evidence {
 public:
  /// One encoded point a row.
  Evidence(const Eigen::MatrixXd& points, const std::vector<bool>& categorical);

  /// -log p(values | theta) - log p(theta), up to a constant, and its gradient. Infinite where the covariance is not
  /// positive definite in double precision.
  double negative_log_posterior(const Eigen::VectorXd& values, const Eigen::VectorXd& theta, Eigen::VectorXd& gradient);

 private:
  [[nodiscard]] bool invert(double diagonal);

  Eigen::Index size_;
  Eigen::MatrixXd squares_;  // differences along each dimension (column), squared, for each pair of points (row)
  // By pair of points, as in the lower triangle without its diagonal, column by column:
  Eigen::VectorXd distances_;
  Eigen::ArrayXd covariance_;
  Eigen::ArrayXd slope_;
  Eigen::VectorXd pull_;
  Eigen::MatrixXd factor_;
  Eigen::MatrixXd inverse_factor_;  // transposed
  Eigen::MatrixXd inverse_;         // of the covariance, lower half
};

}  // namespace jobmedic::optimizer
