#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "core/random.hpp"
#include "recommend/optimizer/acquisition.hpp"
#include "recommend/optimizer/constraints.hpp"
#include "recommend/optimizer/encoding.hpp"

namespace jobmedic::optimizer {

/// Where the acquisition is looked for, and where not.
struct Search {
  const Encoding& encoding;
  const Constraints& constraints;
  std::vector<Eigen::VectorXd> anchors;        ///< encoded points worth looking around, best first
  std::function<bool(const Point&)> is_taken;  ///< already told or asked for
  double effort = 1;                           ///< in (0, 1]: how many points are tried, as a part of the usual
};

/// The free and feasible point where the acquisition is highest, as far as a multi-start search finds it: points spread
/// over the space and around the anchors, the best of them improved by quasi-Newton along the continua and by single
/// steps along the rest. None where no start was free.
std::optional<Point> propose(const LogExpectedImprovement& acquisition, const Search& search, Random& random);

}  // namespace jobmedic::optimizer
