#include "recommend/optimizer/kernel.hpp"

#include <cmath>
#include <utility>

namespace jobmedic::optimizer {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;

Kernel::Kernel(const Hyperparameters& hyperparameters, std::vector<bool> categorical)
    : signal_(std::exp(hyperparameters.log_signal)),
      weights_((-2 * hyperparameters.log_length.array()).exp()),
      categorical_(std::move(categorical)) {}

void Kernel::square_distances(const Eigen::MatrixXd& points, Eigen::Index rows, const Eigen::VectorXd& x,
                              Eigen::Ref<ArrayXd> out) const {
  out.setZero();
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const auto column = points.col(i).head(rows).array();
    if (categorical_[static_cast<std::size_t>(i)]) {
      out += weights_[i] * (column != x[i]).cast<double>();
    } else {
      out += weights_[i] * (column - x[i]).square();
    }
  }
}

ArrayXXd Kernel::covariance(const Eigen::Ref<const ArrayXXd>& square_distances) const {
  const ArrayXXd s = (5 * square_distances).sqrt();
  return signal_ * (1 + s + s.square() / 3) * (-s).exp();
}

void Kernel::covariance_and_slope(const ArrayXd& square_distances, ArrayXd& covariance, ArrayXd& slope) const {
  const ArrayXd s = (5 * square_distances).sqrt();
  const ArrayXd decay = signal_ * (-s).exp();
  covariance = (1 + s + s.square() / 3) * decay;
  slope = (5.0 / 3) * (1 + s) * decay;
}

}  // namespace jobmedic::optimizer
