#include "rightsize/smoothed_residuals.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"

using namespace jobmedic;
using namespace jobmedic::sizing;

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
  for (double q = 0.3; q < 2; q += 0.037) {
    double exceeds = 0;
    double unused = 0;
    for (const auto& [ratio, weight] : ratios) {
      const double tail = std::exp(-std::abs(q - ratio) / width) / 2;
      exceeds += weight / total * (q > ratio ? tail : 1 - tail);
      unused += weight / total * (std::max(q - ratio, 0.0) + width * tail);
    }
    CHECK(residuals.exceeds(q) == Approx(exceeds).margin(1e-12));
    CHECK(residuals.unused(q) == Approx(unused).margin(1e-12));
  }
}
