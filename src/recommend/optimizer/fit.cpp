#include "recommend/optimizer/fit.hpp"

#include "recommend/optimizer/quasi_newton.hpp"

namespace jobmedic::optimizer {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

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

}  // namespace

Fit fit(Evidence& evidence, const VectorXd& values, const Hyperparameters& start, int evaluations) {
  const Bounds box = bounds(start.log_length.size());
  const auto objective = [&](const VectorXd& theta, VectorXd& gradient) {
    return evidence.negative_log_posterior(values, theta, gradient);
  };
  const VectorXd inside = packed(start).cwiseMax(box.low).cwiseMin(box.high);
  const Minimum minimum = minimise(objective, inside, box.low, box.high, {evaluations, 1e-3});
  return {unpacked(minimum.x), minimum.value};
}

}  // namespace jobmedic::optimizer
