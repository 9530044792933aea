#include "recommend/optimizer/warp.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace jobmedic::optimizer {

Warped warped(std::span<const double> values, double bend) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](double v) { return std::isfinite(v); });
  const auto middle = finite.begin() + static_cast<std::ptrdiff_t>(finite.size() / 2);
  std::nth_element(finite.begin(), middle, finite.end());
  const double median = *middle;
  const auto [best, worst] = std::minmax_element(finite.begin(), finite.end());

  // As a share of the way from best to worst; halved first, so that no difference overflows.
  const double span = *worst / 2 - *best / 2;
  const auto share = [&](double value) {
    if (!std::isfinite(value)) return 1.0;
    return span > 0 ? (value / 2 - *best / 2) / span : 0.0;
  };
  const double scale = std::max(bend * share(median), 1e-6);

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
