#pragma once
#include <Eigen/Core>

#include "recommend/optimizer/gaussian_process.hpp"

namespace jobmedic::optimizer {

/// log(phi(z) + z Phi(z)): log of the expected improvement of a standard normal below z, exact to double precision from
/// z = -1e8 to 1e8 (Ament et al. 2023, appendix A).
double log_h(double z);

/// Log expected improvement below `best`: finite and with a useful slope where the improvement itself underflows.
class LogExpectedImprovement {
 public:
  LogExpectedImprovement(const GaussianProcess& process, double best) : process_(process), best_(best) {}

  [[nodiscard]] double operator()(const Eigen::VectorXd& x) const;
  [[nodiscard]] double operator()(const Eigen::VectorXd& x, Eigen::VectorXd& gradient) const;

 private:
  const GaussianProcess& process_;
  double best_;
};

}  // namespace jobmedic::optimizer
