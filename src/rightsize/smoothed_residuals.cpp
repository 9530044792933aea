#include "rightsize/smoothed_residuals.hpp"

#include <algorithm>
#include <cmath>

namespace jobmedic::sizing {
namespace {

constexpr double unseen = 0.25;  // times 1 / (n + 1): the kernel of the largest leaves half of that beyond it already
constexpr double least_scale = 1e-4;
constexpr double most_scale = 0.9;  // at 1 the mean would be infinite

}  // namespace

SmoothedResiduals::SmoothedResiduals(std::vector<WeightedRatio> ratios, double width)
    : ratios_(std::move(ratios)), width_(width) {
  std::sort(ratios_.begin(), ratios_.end(), [](const auto& a, const auto& b) { return a.ratio < b.ratio; });
  double total = 0;
  for (const WeightedRatio& each : ratios_) total += each.weight;
  for (WeightedRatio& each : ratios_) each.weight /= total;
  const std::size_t n = ratios_.size();
  weights_.resize(n);
  sums_.resize(n);
  below_.resize(n);
  above_.resize(n);
  std::vector<double> step(n);  // exp(-gap / width) to the ratio before
  for (std::size_t i = 0; i < n; ++i) {
    const auto [ratio, weight] = ratios_[i];
    step[i] = i == 0 ? 0 : std::exp((ratios_[i - 1].ratio - ratio) / width_);
    weights_[i] = weight + (i == 0 ? 0 : weights_[i - 1]);
    sums_[i] = weight * ratio + (i == 0 ? 0 : sums_[i - 1]);
    below_[i] = weight + (i == 0 ? 0 : below_[i - 1] * step[i]);
  }
  for (std::size_t i = n; i-- > 0;) above_[i] = ratios_[i].weight + (i + 1 == n ? 0 : above_[i + 1] * step[i + 1]);
  fit_tail();
}

void SmoothedResiduals::fit_tail() {
  const double mean = sums_.back();
  double deviation = 0;
  for (const auto& [ratio, weight] : ratios_) deviation += weight * std::abs(std::log(ratio / mean));
  tail_scale_ = std::clamp(deviation, least_scale, most_scale);
  tail_share_ = unseen / (static_cast<double>(ratios_.size()) + 1);
}

SmoothedResiduals::Around SmoothedResiduals::around(double q) const {
  const auto next = std::upper_bound(ratios_.begin(), ratios_.end(), q,
                                     [](double value, const WeightedRatio& each) { return value < each.ratio; });
  const auto k = static_cast<std::size_t>(next - ratios_.begin());
  Around sums{0, 0, 0, 0};
  if (k > 0) {
    sums = {weights_[k - 1], sums_[k - 1], below_[k - 1] * std::exp((ratios_[k - 1].ratio - q) / width_), 0};
  }
  if (k < ratios_.size()) sums.growth = above_[k] * std::exp((q - ratios_[k].ratio) / width_);
  return sums;
}

SmoothedResiduals::Outlook SmoothedResiduals::at(double q) const {
  const Around a = around(q);
  const double kernels_exceed = std::clamp((1 - a.weight_below) + (a.decay - a.growth) / 2, 0.0, 1.0);
  const double kernels_unused = std::max(q * a.weight_below - a.sum_below + width_ / 2 * (a.decay + a.growth), 0.0);
  double tail_exceeds = 1;
  double tail_unused = 0;
  if (q > largest()) {
    const double times = q / largest();
    tail_exceeds = std::pow(times, -1 / tail_scale_);
    // The integral of what the tail does not exceed, from the largest to q.
    tail_unused = q - largest() - largest() / (1 - 1 / tail_scale_) * (times * tail_exceeds - 1);
  }
  return {(1 - tail_share_) * kernels_exceed + tail_share_ * tail_exceeds,
          (1 - tail_share_) * kernels_unused + tail_share_ * tail_unused};
}

double SmoothedResiduals::density(double ratio, double factor) const {
  const double width = width_ * factor;
  double sum = 0;
  for (const WeightedRatio& each : ratios_) sum += each.weight * std::exp(-std::abs(ratio - each.ratio) / width);
  return sum / (2 * width);
}

}  // namespace jobmedic::sizing
