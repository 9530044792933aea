// One reading of a session taken and judged, by the shipped model. The claim: at most 5 us on one core, with at most 1
// KB a session. Its limit is the features alone, without the network.
#include <benchmark/benchmark.h>

#include "forecast/features.hpp"
#include "jobmedic/forecast.hpp"

namespace {

using namespace jobmedic::forecast;

Reading reading_at(std::int64_t i) {
  Reading r;
  r.time_s = 15.0 * static_cast<double>(i);
  r.usage_bytes = 5e7 + 1e5 * static_cast<double>(i * 37 % 101);
  r.cache_bytes = 1e6;
  r.private_bytes = 3e7;
  r.cpu_s = static_cast<double>(i);
  r.minor_faults = 100.0 * static_cast<double>(i);
  r.limit_hits = 0;
  r.navigation_level = static_cast<double>(i / 50 % 4);
  return r;
}

void by_jobmedic(benchmark::State& state) {
  const auto forecaster = Forecaster::shipped();
  Session session = forecaster->begin({{"DT07", "6.2"}});
  std::int64_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(forecaster->update(session, reading_at(i++)));
  state.counters["bytes_a_session"] = sizeof(Session);
}
BENCHMARK(by_jobmedic)->Name("forecast: a reading taken and judged (at most 5 us)/jobmedic");

void features_alone(benchmark::State& state) {
  FeatureState session({7e7, 0.02, 7e7, false});
  std::int64_t i = 0;
  for (auto _ : state) {
    static_cast<void>(session.add(reading_at(i++)));
    benchmark::DoNotOptimize(session.features());
  }
}
BENCHMARK(features_alone)
    ->Name("forecast: a reading taken and judged (at most 5 us)/limit: features without the network");

}  // namespace
