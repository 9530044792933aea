#include "forecast/features.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "core/random.hpp"
#include "forecast/labels.hpp"

using namespace jobmedic::forecast;
using jobmedic::Random;

namespace {

constexpr double mib = 1024 * 1024;

Reading reading(double time_s, double usage_mib, double cache_mib = 0) {
  Reading r;
  r.time_s = time_s;
  r.usage_bytes = usage_mib * mib;
  r.cache_bytes = cache_mib * mib;
  return r;
}

float feature(const FeatureState& state, Feature which) {
  return state.features()[static_cast<std::size_t>(which)];
}

bool same(const FeatureState& a, const FeatureState& b) {
  const FeatureVector x = a.features(), y = b.features();
  return std::memcmp(x.data(), y.data(), sizeof x) == 0;
}

LimitBelief limit(double mib_count) {
  return {mib_count * mib, 0.01, mib_count * mib, false};
}

}  // namespace

TEST_CASE("labels are graded by the time before the kill") {
  CHECK(level_before_kill(0) == 4);
  CHECK(level_before_kill(120) == 4);
  CHECK(level_before_kill(120.1) == 3);
  CHECK(level_before_kill(180) == 3);
  CHECK(level_before_kill(240) == 2);
  CHECK(level_before_kill(300) == 1);
  CHECK(level_before_kill(300.1) == 0);
  CHECK(level_before_kill(-1) == 0);
  CHECK(level_before_kill(unknown) == 0);
}

TEST_CASE("the working set is the usage less the cache that can be reclaimed") {
  FeatureState state(limit(100));
  state.add(reading(0, 80, 30));
  CHECK(state.working_set_bytes() == 50 * mib);
  CHECK(feature(state, Feature::share) == Approx(0.5));
  CHECK(feature(state, Feature::usage_share) == Approx(0.8));
}

TEST_CASE("running mean, difference from the exponential mean, and slope follow their definitions") {
  FeatureState state(limit(100));
  for (int i = 0; i < 5; ++i) state.add(reading(15.0 * i, 10.0 + i));
  CHECK(feature(state, Feature::recent_share) == Approx(0.13));
  CHECK(feature(state, Feature::slope_short) == Approx(0.04));  // 1 MiB in 15 s: 4 % of the limit a minute
  double mean = 10, above = 0;
  for (int i = 1; i < 5; ++i) {
    above = 10 + i - mean;
    mean += (1 - std::exp(-15.0 / 60)) * above;
  }
  CHECK(feature(state, Feature::above_minute) == Approx(above / 100));
  CHECK(feature(state, Feature::time_short) == Approx(std::log1p(86 * 15.0)));
}

TEST_CASE("time in a navigation level begins anew with another level, and a missing one stays") {
  FeatureState state(limit(100));
  const double levels[] = {0, 0, unknown, 2, 2};
  const float minutes[] = {0, 0.25, 0.5, 0, 0.25};
  for (int i = 0; i < 5; ++i) {
    Reading r = reading(15.0 * i, 10);
    r.navigation_level = levels[i];
    state.add(r);
    if (i > 0) CHECK(feature(state, Feature::navigation_time) == Approx(minutes[i]));
  }
}

TEST_CASE("a session that runs into its limit teaches where the limit is") {
  FeatureState state(limit(100));
  Reading r = reading(0, 80);
  r.limit_hits = 0;
  state.add(r);
  CHECK(state.limit_bytes() == 100 * mib);
  r = reading(15, 85);
  r.limit_hits = 1;
  state.add(r);
  CHECK(state.limit_bytes() == 85 * mib);
  CHECK(feature(state, Feature::touched) == 1);
}

TEST_CASE("the application's own memory is told from what came from outside") {
  FeatureState state(limit(100));
  Reading r = reading(0, 60, 10);
  r.private_bytes = 30 * mib;
  state.add(r);
  CHECK(feature(state, Feature::own) == Approx(0.3));
  CHECK(feature(state, Feature::outside) == Approx(0.2));
}

TEST_CASE("readings out of order, duplicated or without memory change nothing") {
  FeatureState state(limit(100));
  state.add(reading(0, 10));
  state.add(reading(15, 20));
  FeatureState before = state;
  CHECK(state.add(reading(15, 90)) == Accepted::late);
  CHECK(state.add(reading(5, 90)) == Accepted::late);
  CHECK(state.add(reading(unknown, 90)) == Accepted::no_time);
  CHECK(state.add(reading(INFINITY, 90)) == Accepted::no_time);
  Reading nothing;
  nothing.time_s = 30;
  CHECK(state.add(nothing) == Accepted::no_memory);
  CHECK(same(before, state));
  state.add(reading(30, 21));
  before.add(reading(30, 21));
  CHECK(same(before, state));
}

TEST_CASE("after a gap averages and slopes begin anew, and the highest stays") {
  FeatureState state(limit(100));
  for (int i = 0; i < 8; ++i) state.add(reading(15.0 * i, 50 + i));
  state.add(reading(10000, 20));
  CHECK(feature(state, Feature::slope_long) == 0);
  CHECK(feature(state, Feature::above_minutes) == 0);
  CHECK(feature(state, Feature::highest) == Approx(0.57));
}

TEST_CASE("a clock that was set back is believed with the third reading") {
  FeatureState state(limit(100));
  state.add(reading(100000, 10));
  CHECK(state.add(reading(10, 11)) == Accepted::late);
  CHECK(state.add(reading(25, 12)) == Accepted::late);
  CHECK(state.add(reading(40, 13)) == Accepted::yes);
  CHECK(state.add(reading(55, 14)) == Accepted::yes);
  CHECK(feature(state, Feature::slope_short) == Approx(0.04));
}

TEST_CASE("a counter that falls began anew and gives no rate") {
  FeatureState state(limit(100));
  Reading r = reading(0, 10);
  r.minor_faults = 1000;
  state.add(r);
  r = reading(10, 10);
  r.minor_faults = 20;
  state.add(r);
  CHECK(feature(state, Feature::minor_rate) == 0);
}

TEST_CASE("without any idea of the limit shares are unknown, and nothing is infinite") {
  FeatureState state{LimitBelief{}};
  state.add(reading(0, 10));
  state.add(reading(15, 20));
  CHECK(std::isnan(feature(state, Feature::share)));
  for (const float value : state.features()) CHECK_FALSE(std::isinf(value));
}

TEST_CASE("whatever is read, no feature becomes infinite") {
  Random random(7);
  for (int session = 0; session < 200; ++session) {
    FeatureState state(session % 3 == 0 ? LimitBelief{} : limit(random.uniform() * 100 + 1));
    double time = 0;
    for (int i = 0; i < 50; ++i) {
      Reading r;
      time += random.uniform() < 0.1 ? -1000 * random.uniform() : 60 * random.uniform();
      r.time_s = time;
      for (double Reading::*member :
           {&Reading::navigation_level, &Reading::resident_bytes, &Reading::private_bytes, &Reading::shared_bytes,
            &Reading::virtual_bytes, &Reading::minor_faults, &Reading::cpu_s, &Reading::threads, &Reading::usage_bytes,
            &Reading::cache_bytes, &Reading::group_bytes, &Reading::limit_hits}) {
        const double chance = random.uniform();
        r.*member = chance < 0.2    ? unknown
                    : chance < 0.25 ? -5
                    : chance < 0.28 ? 1e15
                    : chance < 0.3  ? 1e300
                                    : random.uniform() * 1e8;
      }
      state.add(r);
      for (const float value : state.features()) REQUIRE_FALSE(std::isinf(value));
    }
  }
}

TEST_CASE("every feature has a name of its own") {
  for (std::size_t i = 0; i < feature_count; ++i) {
    CHECK_FALSE(feature_name(i).empty());
    for (std::size_t j = 0; j < i; ++j) CHECK(feature_name(i) != feature_name(j));
  }
}
