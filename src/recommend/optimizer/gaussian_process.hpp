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

/// A Gaussian process with constant mean (itself normal, integrated to its most probable value). For one thread at a
/// time, predictions too.
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
  [[nodiscard]] double unexplained(double explained) const;  // variance left, kept positive
  Data data_;
  Kernel kernel_;
  double noise_;
  double mean_ = 0;
  Eigen::MatrixXd inverse_factor_;  // of the lower Cholesky factor, transposed: upper triangular, zeros below
  Eigen::VectorXd weights_;         // covariance^-1 (values - mean)
  // Reused from call to call: thousands of predictions are asked for one candidate.
  struct Scratch {
    Eigen::ArrayXd distances;
    Eigen::ArrayXd covariance;
    Eigen::ArrayXd slope;
    Eigen::VectorXd half;
    Eigen::VectorXd solved;
  };
  mutable Scratch scratch_;
};

/// Prior variance of the constant mean of standardised values.
constexpr double mean_variance = 1.0;

/// The most probable constant mean, given covariance^-1 applied to ones and to the values.
double constant_mean(const Eigen::VectorXd& solved_ones, const Eigen::VectorXd& solved_values);

}  // namespace jobmedic::optimizer
