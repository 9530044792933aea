#include "recommend/optimizer/evidence.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <limits>

#include "recommend/optimizer/gaussian_process.hpp"
#include "recommend/optimizer/triangle.hpp"

namespace jobmedic::optimizer {

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

double add_prior(const NormalPrior& prior, double value, double& gradient) {
  const double z = (value - prior.centre) / prior.deviation;
  gradient += z / prior.deviation;
  return 0.5 * z * z;
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

Evidence::Evidence(const MatrixXd& points, const std::vector<bool>& categorical)
    : size_(points.rows()), squares_(size_ * (size_ - 1) / 2, points.cols()) {
  for (Index i = 0; i < points.cols(); ++i) {
    Index offset = 0;
    for (Index column = 0; column + 1 < size_; ++column) {
      const Index below = size_ - column - 1;
      const auto others = points.col(i).tail(below).array();
      auto out = squares_.col(i).segment(offset, below).array();
      if (categorical[static_cast<std::size_t>(i)]) {
        out = (others != points(column, i)).cast<double>();
      } else {
        out = (others - points(column, i)).square();
      }
      offset += below;
    }
  }
}

bool Evidence::invert(double diagonal) {
  factor_.resize(size_, size_);
  Index offset = 0;
  for (Index column = 0; column < size_; ++column) {
    const Index below = size_ - column - 1;
    factor_(column, column) = diagonal;
    factor_.col(column).tail(below) = covariance_.segment(offset, below).matrix();
    offset += below;
  }
  if (Eigen::LLT<Eigen::Ref<MatrixXd>>(factor_).info() != Eigen::Success) return false;
  invert_factor(factor_, inverse_factor_);
  multiply_transposed(inverse_factor_, inverse_);
  return true;
}

double Evidence::negative_log_posterior(const VectorXd& values, const VectorXd& theta, VectorXd& gradient) {
  const Index n = size_;
  const Index d = squares_.cols();
  const VectorXd inverse_square_lengths = (-2 * theta.head(d).array()).exp();
  const double signal = std::exp(theta[d]);
  const double noise = std::exp(theta[d + 1]);

  distances_.noalias() = squares_ * inverse_square_lengths;
  matern(distances_.array(), signal, covariance_, slope_);
  if (!invert(signal + noise)) return std::numeric_limits<double>::infinity();
  const auto inverse = inverse_.selfadjointView<Eigen::Lower>();

  const VectorXd solved_ones = inverse * VectorXd::Ones(n);
  const VectorXd solved_values = inverse * values;
  const double mean = constant_mean(solved_ones, solved_values);
  const VectorXd residual = values.array() - mean;
  const VectorXd weights = solved_values - mean * solved_ones;
  // The mean is at its optimum, so its own derivative is zero (envelope theorem).
  double value =
      0.5 * residual.dot(weights) + factor_.diagonal().array().log().sum() + 0.5 * mean * mean / mean_variance;

  const double excess = inverse_.trace() - weights.squaredNorm();
  pull_.resize(slope_.size());
  Index offset = 0;
  for (Index column = 0; column + 1 < n; ++column) {
    const Index below = n - column - 1;
    pull_.segment(offset, below) = (inverse_.col(column).tail(below) - weights[column] * weights.tail(below)).array() *
                                   slope_.segment(offset, below);
    offset += below;
  }
  gradient.resize(d + 2);
  gradient.head(d).noalias() = squares_.transpose() * pull_;
  gradient.head(d).array() *= inverse_square_lengths.array();
  gradient[d] = 0.5 * (static_cast<double>(n) - weights.dot(residual) - noise * excess);
  gradient[d + 1] = 0.5 * noise * excess;

  for (Index i = 0; i < d; ++i) value += add_prior(length_prior(d), theta[i], gradient[i]);
  value += add_prior(signal_prior, theta[d], gradient[d]);
  value += add_prior(noise_prior, theta[d + 1], gradient[d + 1]);
  return value;
}

}  // namespace jobmedic::optimizer
