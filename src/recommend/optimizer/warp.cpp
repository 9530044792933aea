#include "recommend/optimizer/warp.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace jobmedic::optimizer {

Warped warped(std::span<const double> values, double bend) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](double v) { return std::isfinite(v); });
  std::sort(finite.begin(), finite.end());
  const double best = finite.front();
  const auto middle = finite.begin() + static_cast<std::ptrdiff_t>(finite.size() / 2);
  const auto above = std::upper_bound(finite.begin(), finite.end(), best);  // the median, unless most share the best
  const double typical = above == finite.end() ? best : std::max(*middle, *above);

  // Differences are halved so that none overflows. One value out of all proportion must not flatten the others.
  constexpr double furthest = 1000;
  const double unit = typical / 2 - best / 2;
  const double span = std::min(finite.back() / 2 - best / 2, furthest * unit);
  const auto share = [&](double value) {
    if (!std::isfinite(value)) return 1.0;
    return span > 0 ? std::min((value / 2 - best / 2) / span, 1.0) : 0.0;
  };
  const double scale = span > 0 ? bend * (unit / span) : 1;

  Warped warp{Eigen::VectorXd(static_cast<Eigen::Index>(values.size())), 0};
  for (std::size_t i = 0; i < values.size(); ++i) {
    warp.values[static_cast<Eigen::Index>(i)] = std::log1p(share(values[i]) / scale);
  }
  warp.values.array() -= warp.values.mean();
  const double deviation = std::sqrt(warp.values.squaredNorm() / static_cast<double>(values.size()));
  if (!(deviation > 0)) return warp;
  warp.values /= deviation;
  for (const double value : finite) warp.log_jacobian -= std::log((scale + share(value)) * deviation);
  return warp;
}

}  // namespace jobmedic::optimizer
