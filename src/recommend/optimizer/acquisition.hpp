#pragma once
#include <Eigen/Core>
#include <utility>
#include <vector>

#include "recommend/optimizer/gaussian_process.hpp"

namespace jobmedic::optimizer {

/// log(phi(z) + z Phi(z)): log of the expected improvement of a standard normal below z, stable from z = -1e8 to 1e8
/// (Ament et al. 2023, appendix A).
double log_h(double z);

/// Log expected improvement, averaged over several views of the same observations: finite and with a useful slope where
/// the improvement itself underflows. A point must look promising in every view that has weight.
class LogExpectedImprovement {
 public:
  struct View {
    const GaussianProcess* process;  ///< borrowed
    double best;                     ///< improvement is counted below it
    double weight;                   ///< they sum to 1
  };
  explicit LogExpectedImprovement(std::vector<View> views) : views_(std::move(views)) {}

  [[nodiscard]] double operator()(const Eigen::VectorXd& x) const;
  /// Of many points, one a column.
  [[nodiscard]] Eigen::VectorXd of_all(const Eigen::MatrixXd& points) const;
  [[nodiscard]] double operator()(const Eigen::VectorXd& x, Eigen::VectorXd& gradient) const;

 private:
  std::vector<View> views_;
};

}  // namespace jobmedic::optimizer
