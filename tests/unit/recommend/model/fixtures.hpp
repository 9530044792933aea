#pragma once
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "jobmedic/model.hpp"
#include "recommend/model/examples.hpp"
#include "recommend/model/weights.hpp"

/// A space, attempts and histories that the tests of this folder share.
namespace fixtures {

using namespace jobmedic;

inline Space space() {
  return Space::parse(R"({"schema": "jobmedic.space/1", "parameters": [
      {"name": "memory", "type": "integer", "min": 256, "max": 65536, "scale": "log", "step": 64, "unit": "MiB"},
      {"name": "cores", "type": "integer", "min": 1, "max": 16, "absent": "1"},
      {"name": "fraction", "type": "real", "min": 0, "max": 1, "absent": "0.6"},
      {"name": "codec", "type": "categorical", "values": ["lz4", "zstd"], "absent": "lz4"}], "constraints": []})");
}

inline Attempt attempt(const std::string& job, const std::string& run, int number, int memory_mib, bool succeeded) {
  Attempt attempt;
  attempt.job = job;
  attempt.run = run;
  attempt.attempt = number;
  attempt.engine = "spark";
  attempt.config = fmt::format(R"({{"memory": "{}m", "cores": "{}"}})", memory_mib, 1 + number % 2);
  attempt.duration_s = 60;
  attempt.outcome = Outcome{};
  attempt.outcome->succeeded = succeeded;
  attempt.outcome->cost_usd = 0.001 * memory_mib;
  if (!succeeded) attempt.outcome->category = "memory_config";
  return attempt;
}

/// Jobs that need between 600 MiB and 10 GiB, which their input size gives away; each run is tried until it succeeds.
inline std::vector<Attempt> history(std::size_t jobs = 12, std::size_t runs = 6) {
  Random random(7);
  std::vector<Attempt> attempts;
  for (std::size_t j = 0; j < jobs; ++j) {
    const double need = 600 * std::exp2(4 * random.uniform());
    for (std::size_t r = 0; r < runs; ++r) {
      double memory = need * (0.2 + 0.7 * random.uniform());
      for (int number = 1; number <= 4; ++number) {
        Attempt tried =
            attempt(fmt::format("job{}", j), fmt::format("run{}", r), number, static_cast<int>(memory), memory >= need);
        tried.metrics = {{"input_bytes", need * 3e5 * (0.9 + 0.2 * random.uniform())},
                         {"peak_rss_bytes", std::fmin(memory, need) * 1048576}};
        if (r % 3 != 0) tried.metrics["gc_s"] = 10 * random.uniform();
        attempts.push_back(tried);
        if (memory >= need) break;
        memory *= 1.3 + random.uniform();
      }
    }
  }
  return attempts;
}

/// A model of the right shape whose weights are random: what holds for it holds for every file.
inline model::TrainedWeights random_weights(std::uint64_t seed) {
  const std::vector<Attempt> attempts = history();
  const Space known = space();
  const model::ExampleSet set = model::make_examples(attempts, known);
  model::TrainedWeights weights;
  weights.version = "random";
  weights.schema = model::fit_schema(set, attempts, known);
  weights.schema.buckets = 64;
  weights.shape = model::shape_for(weights.schema);
  weights.values.resize(model::weight_count(weights.shape));
  Random random(seed);
  for (float& value : weights.values) value = static_cast<float>(random.uniform() - 0.5);
  return weights;
}

inline Classification memory_failure() {
  Classification verdict;
  verdict.classified = true;
  verdict.rule = "ExecutorHeapOOM";
  verdict.category = "memory_config";
  return verdict;
}

}  // namespace fixtures
