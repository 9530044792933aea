#include "recommend/optimizer/warp.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace jobmedic::optimizer {

Eigen::VectorXd warped(std::span<const double> values) {
  std::vector<double> sorted;
  for (const double value : values) {
    if (std::isfinite(value)) sorted.push_back(value);
  }
  std::sort(sorted.begin(), sorted.end());
  const double best = sorted.front();
  const double worst = sorted.back();
  // Near the best all stays linear; beyond `scale` above it a value counts by its logarithm. Values of any size are
  // first brought to [0, 1], so nothing overflows.
  const double span = worst / 2 - best / 2;
  const auto share = [&](double value) {
    if (!std::isfinite(value)) return 1.0;
    return span > 0 ? (value / 2 - best / 2) / span : 0;
  };
  const double median = share(sorted[sorted.size() / 2]);
  const double scale = std::max(0.5 * median, 1e-6);
  Eigen::VectorXd out(static_cast<Eigen::Index>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    out[static_cast<Eigen::Index>(i)] = std::log1p(share(values[i]) / scale);
  }
  out.array() -= out.mean();
  const double deviation = std::sqrt(out.squaredNorm() / static_cast<double>(out.size()));
  return deviation > 0 ? Eigen::VectorXd(out / deviation) : out;
}

}  // namespace jobmedic::optimizer
