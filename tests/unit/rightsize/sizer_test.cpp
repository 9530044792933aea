#include "rightsize/sizer.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/random.hpp"

using namespace jobmedic;
using namespace jobmedic::sizing;

namespace {

double allocated(Sizer& sizer, double input, double risk = 1) {
  const double inputs[] = {input};
  const auto sizing = sizer.size(inputs, risk);
  REQUIRE(sizing);
  return sizing->allocation;
}

}  // namespace

TEST_CASE("without two runs nothing is said") {
  Sizer sizer;
  CHECK_FALSE(sizer.size({}));
  sizer.observe({{1}, 100, 1});
  CHECK_FALSE(sizer.size({}));
}

TEST_CASE("peaks that never differ are met with a sliver of margin") {
  Sizer sizer;
  for (int i = 0; i < 20; ++i) sizer.observe({{1e9 + i}, 4000, 1});
  CHECK(allocated(sizer, 1e9) >= 4000);
  CHECK(allocated(sizer, 1e9) < 4000 * 1.02);
}

TEST_CASE("what grows with its input is given what its input needs") {
  Sizer sizer;
  Random random(1);
  for (int i = 0; i < 60; ++i) {
    const double input = 1e9 * (1 + 9 * random.uniform());
    sizer.observe({{input}, 100 + 1e-6 * input * (1 + 0.01 * random.normal()), 1});
  }
  for (const double input : {2e9, 5e9, 9e9}) {
    const double need = 100 + 1e-6 * input;
    CHECK(allocated(sizer, input) > need);
    CHECK(allocated(sizer, input) < 1.2 * need);
  }
}

TEST_CASE("no more runs fail than the bound on the risk says") {
  for (const double bound : {0.02, 0.1}) {
    Sizer sizer;
    Random random(3);
    const auto run = [&] {
      const double input = 1e9 * (1 + random.uniform());
      return Observation{{input}, 1e-6 * input * std::exp(0.2 * random.normal()), 1};
    };
    for (int i = 0; i < 40; ++i) sizer.observe(run());
    int failed = 0;
    constexpr int runs = 400;
    for (int i = 0; i < runs; ++i) {
      const Observation next = run();
      failed += allocated(sizer, next.features[0], bound) < next.peak ? 1 : 0;
      sizer.observe(next);
    }
    INFO("bound " << bound << ", failed " << failed << " of " << runs);
    CHECK(failed <= bound * runs + 2 * std::sqrt(bound * runs));  // two standard deviations of a Poisson number
  }
}

TEST_CASE("a dearer failure is met with a larger margin: long peaks of one size differ by little") {
  Sizer narrow;
  Sizer wide;
  Random random(5);
  for (int i = 0; i < 50; ++i) {
    const double noise = random.normal();
    narrow.observe({{1e9}, 1000 + noise, 1});
    wide.observe({{1e9}, 1000 + 100 * noise, 1});
  }
  CHECK(allocated(narrow, 1e9) < 1010);
  CHECK(allocated(wide, 1e9) > 1050);
}

TEST_CASE("a price of failing widens the margin most where memory held for a run is worth least") {
  const auto margin = [](double seconds, double price) {
    Sizer sizer(1, price);
    Random random(5);
    for (int i = 0; i < 50; ++i) sizer.observe({{1e9}, 1000 + 100 * random.normal(), seconds});
    return allocated(sizer, 1e9);
  };
  CHECK(margin(10, 1e6) > margin(1000, 1e6));
  CHECK(margin(1000, 1e6) > margin(1000, 0));
  CHECK(margin(10, 0) == margin(1000, 0));
}

TEST_CASE("a short run among long ones gets the wider margin: a failure is as dear, and the margin is cheap") {
  Sizer sizer(1, 0, 1);
  Random random(9);
  for (int i = 0; i < 60; ++i) {
    const bool large = i % 2 == 0;
    const double input = (large ? 1e10 : 1e9) * (1 + 0.1 * random.uniform());
    sizer.observe({{input}, 1e-6 * input * std::exp(0.1 * random.normal()), large ? 10'000.0 : 10.0});
  }
  CHECK(allocated(sizer, 1e9) / 1e3 > 1.1 * allocated(sizer, 1e10) / 1e4);
}

TEST_CASE("a price in runs means the same whatever the units of memory and time") {
  const auto margin = [](double bytes, double seconds) {
    Sizer sizer(1, 0, 1);
    Random random(5);
    for (int i = 0; i < 50; ++i) sizer.observe({{1e9}, bytes * (10 + random.normal()), seconds});
    return allocated(sizer, 1e9) / bytes;
  };
  CHECK(margin(1e6, 1) == Approx(margin(1e9, 3600)));
}

TEST_CASE("a peak that cannot be is ignored, and an input that cannot be is no input") {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Sizer sizer;
  for (int i = 0; i < 10; ++i) sizer.observe({{1e9 + 1e6 * i}, 1000.0 + i, 1});
  const double before = allocated(sizer, 1e9);
  for (const double peak : {nan, infinite, -infinite, -5.0, 0.0}) sizer.observe({{1e9}, peak, 1});
  CHECK(sizer.count() == 10);
  CHECK(allocated(sizer, 1e9) == before);
  for (const double input : {nan, infinite, -infinite, -1e300, 1e300, 0.0}) {
    const double next = allocated(sizer, input);
    CHECK(std::isfinite(next));
    CHECK(next > 0);
  }
  sizer.observe({{nan}, 1005, 1});
  sizer.observe({{}, 1005, nan});
  CHECK(std::isfinite(allocated(sizer, 1e9)));
}

TEST_CASE("after a failure the next try is above all that was ever seen, or above what failed") {
  Sizer sizer;
  for (const double peak : {900.0, 1000.0, 950.0}) sizer.observe({{1e9}, peak, 1});
  CHECK(sizer.retry(800) > 1000);
  CHECK(sizer.retry(1100) > 1.2 * 1100);
}
