#pragma once
#include <Eigen/Core>
#include <vector>

#include "recommend/optimizer/kernel.hpp"

namespace jobmedic::optimizer {

/// What a process is conditioned on: one encoded point a row, and its value.
struct Data {
  Eigen::MatrixXd points;
  Eigen::VectorXd values;
  std::vector<bool> categorical;
};

/// Of the function itself, without the noise of an observation.
struct Posterior {
  double mean = 0;
  double variance = 0;
};
struct Posteriors {
  Eigen::VectorXd mean;
  Eigen::VectorXd variance;
};
struct PosteriorGradient {
  Eigen::VectorXd mean;
  Eigen::VectorXd variance;
};

/// A Gaussian process with constant mean (itself normal, integrated to its most probable value).
class GaussianProcess {
 public:
  GaussianProcess(Data data, const Hyperparameters& hyperparameters);

  [[nodiscard]] Posterior posterior(const Eigen::VectorXd& x) const;
  /// At many points, one a column: several times cheaper than one by one.
  [[nodiscard]] Posteriors posteriors(const Eigen::MatrixXd& points) const;
  /// The same with derivatives; 0 along categorical dimensions.
  [[nodiscard]] Posterior posterior(const Eigen::VectorXd& x, PosteriorGradient& gradient) const;
  /// The mean at each observed point: the observations with their noise smoothed away.
  [[nodiscard]] Eigen::VectorXd smoothed() const;
  /// One more observation under the same hyperparameters: extends the inverse factor by a row instead of factoring
  /// anew.
  void append(const Eigen::VectorXd& x, double value);
  [[nodiscard]] Eigen::Index size() const noexcept { return data_.values.size(); }

 private:
  [[nodiscard]] Eigen::VectorXd solve(const Eigen::VectorXd& values) const;  // covariance^-1 values
  void weigh();
  Data data_;
  Kernel kernel_;
  double noise_;
  double mean_ = 0;
  Eigen::MatrixXd inverse_factor_;  // of the lower Cholesky factor; lower triangular
  Eigen::VectorXd weights_;         // covariance^-1 (values - mean)
};

/// Prior variance of the constant mean of standardised values.
constexpr double mean_variance = 1.0;

/// The most probable constant mean, given covariance^-1 applied to ones and to the values.
double constant_mean(const Eigen::VectorXd& solved_ones, const Eigen::VectorXd& solved_values);

/// Squared distances between the data's points: the lower triangle without its diagonal, packed column by column.
Eigen::ArrayXd packed_square_distances(const Data& data, const Kernel& kernel);
/// A dense lower triangle from such a packing and a constant diagonal.
Eigen::MatrixXd unpacked(const Eigen::ArrayXd& packed, Eigen::Index size, double diagonal);

}  // namespace jobmedic::optimizer
