#include "recommend/optimizer/fit.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "recommend/optimizer/quasi_newton.hpp"

namespace jobmedic::optimizer {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

struct NormalPrior {
  double centre;
  double deviation;
};
// Lengths are expected to grow with the square root of the dimension (Hvarfner et al. 2024).
NormalPrior length_prior(Index dimensions) {
  return {-1.1 + 0.5 * std::log(static_cast<double>(dimensions)), 0.5};
}
constexpr NormalPrior signal_prior{0.0, 0.5};
constexpr NormalPrior noise_prior{-11.0, 3.0};

struct Bounds {
  VectorXd low;
  VectorXd high;
};
Bounds bounds(Index dimensions) {
  Bounds box{VectorXd::Constant(dimensions + 2, -4), VectorXd::Constant(dimensions + 2, 5)};
  box.low[dimensions + 1] = -18;
  box.high[dimensions + 1] = 1;
  return box;
}

double add_prior(const NormalPrior& prior, double value, double& gradient) {
  const double z = (value - prior.centre) / prior.deviation;
  gradient += z / prior.deviation;
  return 0.5 * z * z;
}

// sum over pairs a > b of pull_ab * weight_i * (x_a - x_b)^2, for each dimension i.
VectorXd length_gradient(const Data& data, const Kernel& kernel, const ArrayXd& pull) {
  const Index n = data.values.size();
  VectorXd gradient(data.points.cols());
  for (Index i = 0; i < data.points.cols(); ++i) {
    const bool categorical = data.categorical[static_cast<std::size_t>(i)];
    double sum = 0;
    Index offset = 0;
    for (Index column = 0; column + 1 < n; ++column) {
      const Index below = n - column - 1;
      const auto others = data.points.col(i).tail(below).array();
      const auto weights = pull.segment(offset, below);
      if (categorical) {
        sum += (weights * (others != data.points(column, i)).cast<double>()).sum();
      } else {
        sum += (weights * (others - data.points(column, i)).square()).sum();
      }
      offset += below;
    }
    gradient[i] = sum * kernel.inverse_square_lengths()[i];
  }
  return gradient;
}

ArrayXd packed_lower(const MatrixXd& matrix) {
  const Index n = matrix.rows();
  ArrayXd out(n * (n - 1) / 2);
  Index offset = 0;
  for (Index column = 0; column + 1 < n; ++column) {
    const Index below = n - column - 1;
    out.segment(offset, below) = matrix.col(column).tail(below).array();
    offset += below;
  }
  return out;
}

}  // namespace

VectorXd packed(const Hyperparameters& hyperparameters) {
  const Index d = hyperparameters.log_length.size();
  VectorXd theta(d + 2);
  theta << hyperparameters.log_length, hyperparameters.log_signal, hyperparameters.log_noise;
  return theta;
}

Hyperparameters unpacked(const VectorXd& theta) {
  const Index d = theta.size() - 2;
  return {theta.head(d), theta[d], theta[d + 1]};
}

Hyperparameters prior_mode(Index dimensions) {
  return {VectorXd::Constant(dimensions, length_prior(dimensions).centre), signal_prior.centre, noise_prior.centre};
}

double negative_log_posterior(const Data& data, const VectorXd& theta, VectorXd& gradient) {
  const Hyperparameters hyperparameters = unpacked(theta);
  const Kernel kernel(hyperparameters, data.categorical);
  const double noise = std::exp(hyperparameters.log_noise);
  const Index n = data.values.size();
  const Index d = data.points.cols();

  ArrayXd covariance;
  ArrayXd slope;
  kernel.covariance_and_slope(packed_square_distances(data, kernel), covariance, slope);
  const Eigen::LLT<MatrixXd> factor(unpacked(covariance, n, kernel.signal() + noise));
  if (factor.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
  MatrixXd inverse = factor.matrixL().solve(MatrixXd::Identity(n, n));
  inverse = (inverse.transpose().triangularView<Eigen::Upper>() * inverse).eval();

  const double mean = constant_mean(inverse.rowwise().sum(), inverse * data.values);
  const VectorXd residual = data.values.array() - mean;
  const VectorXd weights = inverse * residual;
  // The mean is at its optimum, so its own derivative is zero (envelope theorem).
  double value = 0.5 * residual.dot(weights) + factor.matrixLLT().diagonal().array().log().sum() +
                 0.5 * mean * mean / mean_variance;

  const double excess = inverse.trace() - weights.squaredNorm();
  inverse.selfadjointView<Eigen::Lower>().rankUpdate(weights, -1);
  gradient.resize(d + 2);
  gradient.head(d) = length_gradient(data, kernel, packed_lower(inverse) * slope);
  gradient[d] = 0.5 * (static_cast<double>(n) - weights.dot(residual) - noise * excess);
  gradient[d + 1] = 0.5 * noise * excess;

  for (Index i = 0; i < d; ++i) value += add_prior(length_prior(d), theta[i], gradient[i]);
  value += add_prior(signal_prior, theta[d], gradient[d]);
  value += add_prior(noise_prior, theta[d + 1], gradient[d + 1]);
  return value;
}

Fit fit(const Data& data, const Hyperparameters& start, int evaluations) {
  const Bounds box = bounds(data.points.cols());
  const auto objective = [&](const VectorXd& theta, VectorXd& gradient) {
    return negative_log_posterior(data, theta, gradient);
  };
  const VectorXd inside = packed(start).cwiseMax(box.low).cwiseMin(box.high);
  const Minimum minimum = minimise(objective, inside, box.low, box.high, {evaluations, 1e-3});
  return {unpacked(minimum.x), minimum.value};
}

}  // namespace jobmedic::optimizer
