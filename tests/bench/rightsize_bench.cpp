// One decision of right-sizing with the update by the run that followed it. The claim: at most 1 ms on one core, as
// long as the history may be; Sizey (Bader et al. 2024) takes seconds. Its limit is one of the predictors alone.
#include <benchmark/benchmark.h>

#include <cmath>

#include "core/random.hpp"
#include "rightsize/sizer.hpp"

namespace {

using namespace jobmedic;
using namespace jobmedic::sizing;

Observation run(Random& random) {
  const double input = 1e9 * (1 + 9 * random.uniform());
  return {{input}, 1e-6 * input * std::exp(0.1 * random.normal()), 60};
}

constexpr std::size_t known = 256;  // all that a sizer looks at

void by_jobmedic(benchmark::State& state) {
  Random random(1);
  Sizer sizer(1, 1e5, 1);
  for (std::size_t i = 0; i < known; ++i) sizer.observe(run(random));
  for (auto _ : state) {
    const Observation next = run(random);
    benchmark::DoNotOptimize(sizer.size(next.features, 0.02));
    sizer.observe(next);
  }
}
BENCHMARK(by_jobmedic)->Name("right-sizing: a decision and its update, 256 runs known (at most 1 ms)/jobmedic");

void one_line(benchmark::State& state) {
  Random random(1);
  std::vector<Observation> runs;
  for (std::size_t i = 0; i < known; ++i) runs.push_back(run(random));
  for (auto _ : state) {
    const Sorted by_input = sorted(runs, 0);
    const Expert line{Shape::line, 0, false};
    benchmark::DoNotOptimize(predict(line, by_input, 2e9, fitted(line, by_input, 2e9)));
  }
}
BENCHMARK(one_line)->Name(
    "right-sizing: a decision and its update, 256 runs known (at most 1 ms)/limit: one line by least squares");

}  // namespace
