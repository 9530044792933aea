#include "rightsize/smoothed_residuals.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"

using namespace jobmedic;
using namespace jobmedic::sizing;

namespace {

// What the next of alike values exceeds beyond the largest, by the mean deviation of their logarithms.
struct Tail {
  double share;
  double largest;
  double scale;
  [[nodiscard]] double exceeds(double q) const { return q <= largest ? 1 : std::pow(q / largest, -1 / scale); }
};

Tail tail_of(const SmoothedResiduals& residuals) {
  double mean = 0;
  for (const auto& [ratio, weight] : residuals.ratios()) mean += weight * ratio;
  double scale = 0;
  for (const auto& [ratio, weight] : residuals.ratios()) scale += weight * std::abs(std::log(ratio / mean));
  return {0.25 / (static_cast<double>(residuals.ratios().size()) + 1), residuals.largest(), scale};
}

}  // namespace

TEST_CASE("the sums of neighbours give what adding up every kernel gives") {
  Random random(7);
  std::vector<WeightedRatio> ratios;
  double total = 0;
  for (int i = 0; i < 60; ++i) {
    ratios.push_back({0.5 + random.uniform(), 0.1 + random.uniform()});
    total += ratios.back().weight;
  }
  constexpr double width = 0.03;
  const SmoothedResiduals residuals(ratios, width);
  const Tail tail = tail_of(residuals);
  double below_tail = 0;  // its integral, in steps
  for (double q = 0.3; q < 2; q += 0.037) {
    for (double at = q - 0.037 + 0.0000185; at < q; at += 0.000037) below_tail += 0.000037 * (1 - tail.exceeds(at));
    double exceeds = 0;
    double unused = 0;
    for (const auto& [ratio, weight] : ratios) {
      const double tail = std::exp(-std::abs(q - ratio) / width) / 2;
      exceeds += weight / total * (q > ratio ? tail : 1 - tail);
      unused += weight / total * (std::max(q - ratio, 0.0) + width * tail);
    }
    CHECK(residuals.at(q).exceeds == Approx((1 - tail.share) * exceeds + tail.share * tail.exceeds(q)).margin(1e-12));
    CHECK(residuals.at(q).unused == Approx((1 - tail.share) * unused + tail.share * below_tail).margin(1e-6));
  }
}

TEST_CASE("beyond all that n values ever were lies about one in n + 1, and it fades slowly") {
  Random random(11);
  for (const int n : {10, 40, 200}) {
    std::vector<WeightedRatio> ratios;
    for (int i = 0; i < n; ++i) ratios.push_back({std::exp(0.1 * random.normal()), 1});
    const SmoothedResiduals residuals(ratios, 0.01);
    const double beyond = residuals.at(residuals.largest()).exceeds;
    CHECK(beyond > 0.5 / (n + 1));
    CHECK(beyond < 2.0 / (n + 1));
    CHECK(residuals.at(1.2 * residuals.largest()).exceeds > 1e-2 / (n + 1));  // the kernels alone leave 1e-9
  }
}

TEST_CASE("values that never differed leave next to nothing beyond them") {
  const SmoothedResiduals residuals(std::vector<WeightedRatio>(20, {1, 1}), 1e-4);
  CHECK(residuals.at(1.01).exceeds < 1e-9);
}
