#include "recommend/optimizer/kernel.hpp"

#include <cmath>
#include <utility>

namespace jobmedic::optimizer {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;

void matern(const Eigen::Ref<const ArrayXXd>& square_distances, double signal, ArrayXXd& covariance) {
  covariance = (5 * square_distances).sqrt();
  covariance = signal * (1 + covariance + covariance.square() / 3) * (-covariance).exp();
}

void matern(const Eigen::Ref<const ArrayXd>& square_distances, double signal, ArrayXd& covariance, ArrayXd& slope) {
  covariance = (5 * square_distances).sqrt();
  slope = (5.0 / 3 * signal) * (1 + covariance) * (-covariance).exp();
  covariance = 0.6 * slope * (1 + covariance.square() / (3 * (1 + covariance)));
}

Kernel::Kernel(const Hyperparameters& hyperparameters, std::vector<bool> categorical)
    : signal_(std::exp(hyperparameters.log_signal)),
      weights_((-2 * hyperparameters.log_length.array()).exp()),
      categorical_(std::move(categorical)) {}

void Kernel::square_distances(const Eigen::Ref<const Eigen::MatrixXd>& points,
                              const Eigen::Ref<const Eigen::VectorXd>& x, Eigen::Ref<ArrayXd> out) const {
  out.setZero();
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const auto column = points.col(i).array();
    if (categorical_[static_cast<std::size_t>(i)]) {
      out += weights_[i] * (column != x[i]).cast<double>();
    } else {
      out += weights_[i] * (column - x[i]).square();
    }
  }
}

}  // namespace jobmedic::optimizer
