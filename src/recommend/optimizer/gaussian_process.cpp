#include "recommend/optimizer/gaussian_process.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

namespace jobmedic::optimizer {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::Lower;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double constant_mean(const VectorXd& solved_ones, const VectorXd& solved_values) {
  return solved_values.sum() / (solved_ones.sum() + 1 / mean_variance);
}

ArrayXd packed_square_distances(const Data& data, const Kernel& kernel) {
  const Index n = data.values.size();
  ArrayXd packed = ArrayXd::Zero(n * (n - 1) / 2);
  for (Index i = 0; i < data.points.cols(); ++i) {
    const double weight = kernel.inverse_square_lengths()[i];
    const bool categorical = data.categorical[static_cast<std::size_t>(i)];
    Index offset = 0;
    for (Index column = 0; column + 1 < n; ++column) {
      const Index below = n - column - 1;
      const auto others = data.points.col(i).tail(below).array();
      auto out = packed.segment(offset, below);
      if (categorical) {
        out += weight * (others != data.points(column, i)).cast<double>();
      } else {
        out += weight * (others - data.points(column, i)).square();
      }
      offset += below;
    }
  }
  return packed;
}

MatrixXd unpacked(const ArrayXd& packed, Index n, double diagonal) {
  MatrixXd matrix(n, n);
  Index offset = 0;
  for (Index column = 0; column < n; ++column) {
    const Index below = n - column - 1;
    matrix(column, column) = diagonal;
    matrix.col(column).tail(below) = packed.segment(offset, below).matrix();
    offset += below;
  }
  return matrix;
}

GaussianProcess::GaussianProcess(Data data, const Hyperparameters& hyperparameters)
    : data_(std::move(data)), kernel_(hyperparameters, data_.categorical), noise_(std::exp(hyperparameters.log_noise)) {
  const ArrayXd packed = kernel_.covariance(packed_square_distances(data_, kernel_));
  const Index n = size();
  for (;; noise_ = 10 * noise_ + 1e-10 * kernel_.signal()) {  // points too close for this noise to tell apart
    const Eigen::LLT<MatrixXd> factor(unpacked(packed, n, kernel_.signal() + noise_));
    if (factor.info() != Eigen::Success) continue;
    inverse_factor_ = factor.matrixL().solve(MatrixXd::Identity(n, n));
    break;
  }
  weigh();
}

VectorXd GaussianProcess::solve(const VectorXd& values) const {
  const VectorXd half = inverse_factor_.triangularView<Lower>() * values;
  return inverse_factor_.transpose().triangularView<Eigen::Upper>() * half;
}

void GaussianProcess::weigh() {
  const VectorXd ones = solve(VectorXd::Ones(size()));
  const VectorXd values = solve(data_.values);
  mean_ = constant_mean(ones, values);
  weights_ = values - mean_ * ones;
}

Posterior GaussianProcess::posterior(const VectorXd& x) const {
  ArrayXd distances(size());
  kernel_.square_distances(data_.points, size(), x, distances);
  const VectorXd k = kernel_.covariance(distances).matrix();
  const VectorXd half = inverse_factor_.triangularView<Lower>() * k;
  return {mean_ + k.dot(weights_), std::max(kernel_.signal() - half.squaredNorm(), 1e-14 * kernel_.signal())};
}

Posteriors GaussianProcess::posteriors(const MatrixXd& points) const {
  Eigen::ArrayXXd distances(size(), points.cols());
  for (Index i = 0; i < points.cols(); ++i) {
    kernel_.square_distances(data_.points, size(), points.col(i), distances.col(i));
  }
  const MatrixXd k = kernel_.covariance(distances).matrix();
  const MatrixXd half = inverse_factor_.triangularView<Lower>() * k;
  return {(k.transpose() * weights_).array() + mean_,
          (kernel_.signal() - half.colwise().squaredNorm().transpose().array()).max(1e-14 * kernel_.signal())};
}

Posterior GaussianProcess::posterior(const VectorXd& x, PosteriorGradient& gradient) const {
  ArrayXd distances(size());
  kernel_.square_distances(data_.points, size(), x, distances);
  ArrayXd k;
  ArrayXd slope;
  kernel_.covariance_and_slope(distances, k, slope);
  const VectorXd half = inverse_factor_.triangularView<Lower>() * k.matrix();
  const VectorXd solved = inverse_factor_.transpose().triangularView<Eigen::Upper>() * half;
  const VectorXd mean_pull = (weights_.array() * slope).matrix();
  const VectorXd variance_pull = (solved.array() * slope).matrix();
  const auto& scale = kernel_.inverse_square_lengths();
  gradient.mean = data_.points.transpose() * mean_pull - mean_pull.sum() * x;
  gradient.variance = 2 * (variance_pull.sum() * x - data_.points.transpose() * variance_pull);
  gradient.mean.array() *= scale.array();
  gradient.variance.array() *= scale.array();
  for (Index i = 0; i < x.size(); ++i) {
    if (data_.categorical[static_cast<std::size_t>(i)]) gradient.mean[i] = gradient.variance[i] = 0;
  }
  return {mean_ + k.matrix().dot(weights_), std::max(kernel_.signal() - half.squaredNorm(), 1e-14 * kernel_.signal())};
}

VectorXd GaussianProcess::smoothed() const {
  return data_.values - noise_ * weights_;
}

void GaussianProcess::append(const VectorXd& x, double value) {
  const Index n = size();
  ArrayXd distances(n);
  kernel_.square_distances(data_.points, n, x, distances);
  const VectorXd row = inverse_factor_.triangularView<Lower>() * kernel_.covariance(distances).matrix();
  const double left = kernel_.signal() + noise_ - row.squaredNorm();
  const double corner = 1 / std::sqrt(std::max(left, 1e-10 * kernel_.signal()));
  inverse_factor_.conservativeResize(n + 1, n + 1);
  inverse_factor_.col(n).setZero();
  inverse_factor_.row(n).head(n) =
      -corner * (inverse_factor_.topLeftCorner(n, n).transpose().triangularView<Eigen::Upper>() * row).transpose();
  inverse_factor_(n, n) = corner;
  data_.points.conservativeResize(n + 1, Eigen::NoChange);
  data_.points.row(n) = x.transpose();
  data_.values.conservativeResize(n + 1);
  data_.values[n] = value;
  weigh();
}

}  // namespace jobmedic::optimizer
