#pragma once
#include <Eigen/Core>
#include <vector>

namespace jobmedic::optimizer {

/// What is learned from the observations, in logarithms.
struct Hyperparameters {
  Eigen::VectorXd log_length;  ///< per dimension, in units of the encoded cube
  double log_signal = 0;       ///< variance of the function
  double log_noise = -8;       ///< variance of the noise
};

/// Matern 5/2 (Rasmussen and Williams 2006, section 4.2): covariances at squared distances in length scales.
void matern(const Eigen::Ref<const Eigen::ArrayXXd>& square_distances, double signal, Eigen::ArrayXXd& covariance);
/// And their slope: the derivative by half the squared distance, negated. d k / d x_i = -slope (x_i - y_i) / l_i^2.
void matern(const Eigen::Ref<const Eigen::ArrayXd>& square_distances, double signal, Eigen::ArrayXd& covariance,
            Eigen::ArrayXd& slope);

/// With a length scale per dimension. Two values of a categorical dimension are either the same or one unit apart.
class Kernel {
 public:
  Kernel(const Hyperparameters& hyperparameters, std::vector<bool> categorical);

  [[nodiscard]] double signal() const noexcept { return signal_; }
  [[nodiscard]] const Eigen::VectorXd& inverse_square_lengths() const noexcept { return weights_; }
  /// Squared distances, in length scales, of `x` from each row of `points`.
  void square_distances(const Eigen::Ref<const Eigen::MatrixXd>& points, const Eigen::Ref<const Eigen::VectorXd>& x,
                        Eigen::Ref<Eigen::ArrayXd> out) const;

 private:
  double signal_;
  Eigen::VectorXd weights_;
  std::vector<bool> categorical_;
};

}  // namespace jobmedic::optimizer
