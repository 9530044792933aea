#pragma once
#include <Eigen/Core>
#include <functional>

namespace jobmedic::optimizer {

/// The function's value at x; its gradient goes to `gradient`. Infinite or NaN: x is not allowed.
using Objective = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

struct QuasiNewtonOptions {
  int evaluations = 50;
  double tolerance = 1e-6;  ///< stops when a step gains less than this (relative to 1 + |f|)
};

struct Minimum {
  Eigen::VectorXd x;
  double value = 0;
  int evaluations = 0;
};

/// Limited-memory BFGS (Nocedal 1980) with projection on the box [low, high] and backtracking; `start` is in the box.
Minimum minimise(const Objective& objective, const Eigen::VectorXd& start, const Eigen::VectorXd& low,
                 const Eigen::VectorXd& high, const QuasiNewtonOptions& options = {});

}  // namespace jobmedic::optimizer
