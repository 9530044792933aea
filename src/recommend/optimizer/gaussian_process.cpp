#include "recommend/optimizer/gaussian_process.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

#include "recommend/optimizer/triangle.hpp"

namespace jobmedic::optimizer {

using Eigen::Index;
using Eigen::Lower;
using Eigen::MatrixXd;
using Eigen::Upper;
using Eigen::VectorXd;

double constant_mean(const VectorXd& solved_ones, const VectorXd& solved_values) {
  return solved_values.sum() / (solved_ones.sum() + 1 / mean_variance);
}

GaussianProcess::GaussianProcess(Data data, const Hyperparameters& hyperparameters)
    : data_(std::move(data)), kernel_(hyperparameters, data_.categorical), noise_(std::exp(hyperparameters.log_noise)) {
  const Index n = size();
  Eigen::ArrayXXd covariance = Eigen::ArrayXXd::Zero(n, n);
  for (Index j = 0; j < n; ++j) {  // the lower half; the rest is not read
    kernel_.square_distances(data_.points.bottomRows(n - j), data_.points.row(j).transpose(),
                             covariance.col(j).tail(n - j));
  }
  matern(covariance, kernel_.signal(), covariance);
  MatrixXd factor(n, n);
  for (;; noise_ = 10 * noise_ + 1e-10 * kernel_.signal()) {  // points too close for this noise to tell apart
    factor = covariance.matrix();
    factor.diagonal().array() += noise_;
    if (Eigen::LLT<Eigen::Ref<MatrixXd>>(factor).info() == Eigen::Success) break;
  }
  invert_factor(factor, inverse_factor_);
  weigh();
}

VectorXd GaussianProcess::solve(const VectorXd& values) const {
  const VectorXd half = inverse_factor_.transpose().triangularView<Lower>() * values;
  return inverse_factor_.triangularView<Upper>() * half;
}

void GaussianProcess::weigh() {
  const VectorXd ones = solve(VectorXd::Ones(size()));
  const VectorXd values = solve(data_.values);
  mean_ = constant_mean(ones, values);
  weights_ = values - mean_ * ones;
}

double GaussianProcess::unexplained(double explained) const {
  return std::max(kernel_.signal() - explained, 1e-14 * kernel_.signal());
}

Posterior GaussianProcess::posterior(const VectorXd& x) const {
  Scratch& s = scratch_;
  s.distances.resize(size());
  kernel_.square_distances(data_.points, x, s.distances);
  matern(s.distances, kernel_.signal(), s.covariance, s.slope);
  s.half.noalias() = inverse_factor_.transpose().triangularView<Lower>() * s.covariance.matrix();
  return {mean_ + s.covariance.matrix().dot(weights_), unexplained(s.half.squaredNorm())};
}

Posteriors GaussianProcess::posteriors(const MatrixXd& points) const {
  Eigen::ArrayXXd covariance(size(), points.cols());
  for (Index i = 0; i < points.cols(); ++i) {
    kernel_.square_distances(data_.points, points.col(i), covariance.col(i));
  }
  matern(covariance, kernel_.signal(), covariance);
  const MatrixXd half = inverse_factor_.transpose().triangularView<Lower>() * covariance.matrix();
  return {(covariance.matrix().transpose() * weights_).array() + mean_,
          (kernel_.signal() - half.colwise().squaredNorm().transpose().array()).max(1e-14 * kernel_.signal())};
}

Posterior GaussianProcess::posterior(const VectorXd& x, PosteriorGradient& gradient) const {
  const Posterior at = posterior(x);
  Scratch& s = scratch_;
  s.solved.noalias() = inverse_factor_.triangularView<Upper>() * s.half;
  s.half = (weights_.array() * s.slope).matrix();
  s.solved.array() *= s.slope;
  const auto& scale = kernel_.inverse_square_lengths();
  gradient.mean.noalias() = data_.points.transpose() * s.half;
  gradient.mean -= s.half.sum() * x;
  gradient.variance.noalias() = data_.points.transpose() * s.solved;
  gradient.variance -= s.solved.sum() * x;
  gradient.mean.array() *= scale.array();
  gradient.variance.array() *= -2 * scale.array();
  for (Index i = 0; i < x.size(); ++i) {
    if (data_.categorical[static_cast<std::size_t>(i)]) gradient.mean[i] = gradient.variance[i] = 0;
  }
  return at;
}

VectorXd GaussianProcess::smoothed() const {
  return data_.values - noise_ * weights_;
}

void GaussianProcess::append(const VectorXd& x, double value) {
  const Index n = size();
  static_cast<void>(posterior(x));
  const VectorXd row = scratch_.half;  // of the factor
  const double left = kernel_.signal() + noise_ - row.squaredNorm();
  const double corner = 1 / std::sqrt(std::max(left, 1e-10 * kernel_.signal()));
  const VectorXd inverse_row = inverse_factor_.triangularView<Upper>() * (-corner * row);
  inverse_factor_.conservativeResize(n + 1, n + 1);
  inverse_factor_.row(n).setZero();
  inverse_factor_.col(n).head(n) = inverse_row;
  inverse_factor_(n, n) = corner;
  data_.points.conservativeResize(n + 1, Eigen::NoChange);
  data_.points.row(n) = x.transpose();
  data_.values.conservativeResize(n + 1);
  data_.values[n] = value;
  weigh();
}

}  // namespace jobmedic::optimizer
