#pragma once
#include <vector>

#include "recommend/search.hpp"

namespace jobmedic::recommender {

/// The mean cost of the cheapest candidate that heals, as a multiple of a retry without any change: what healing costs
/// at least, and so the unit in which money is weighed against failure. Weighed against the failed try instead, an
/// eighth of the need and nine tenths of it are not treated alike: to the first every candidate that heals looks dear,
/// to the second a multiple of what it needs looks cheap.
///
/// Which of two memory failures needs more does not depend on what is tried, so that of candidates by rising cost, each
/// safer than those before it, the cheapest that heals is number i + 1 with probability P(i fails) - P(i + 1 fails).
/// Where even the safest fails, its cost counts: nobody can pay for more. At least the cost of the cheapest candidate.
/// `judged`: any order, finite costs above 0; `unchanged`: its cost is 1. Depends on neither alpha nor beta.
/// O(n log n); thread-safe.
double least_cost(const std::vector<Judged>& judged, const Prediction& unchanged);

}  // namespace jobmedic::recommender
