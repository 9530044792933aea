#pragma once
#include "recommend/optimizer/evidence.hpp"

namespace jobmedic::optimizer {

/// Maximum a posteriori, by quasi-Newton from `start` with at most that many evaluations.
struct Fit {
  Hyperparameters hyperparameters;
  double value = 0;  ///< the negative log posterior there
};
Fit fit(Evidence& evidence, const Eigen::VectorXd& values, const Hyperparameters& start, int evaluations);

}  // namespace jobmedic::optimizer
