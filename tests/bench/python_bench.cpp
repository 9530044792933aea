// Claim: a call from Python costs at most 15 us more than from C. Here the calls in C; python_peer.py has the same in
// Python.
#include <benchmark/benchmark.h>

#include <string>

#include "jobmedic.h"

namespace {

const std::string document = R"({"spark.executor.memory":"2g"})";
const std::string patch = R"([{"op":"add","path":"/spark.executor.memory","value":"6g"}])";

// 4 KB in which nothing failed.
std::string healthy_log() {
  std::string text;
  while (text.size() < 4000)
    text += "26/11/21 03:12:07 INFO TaskSetManager: Finished task 7.0 in stage 2.0 (TID 31) in 12 ms\n";
  return text;
}

void apply_patch(benchmark::State& state) {
  for (auto _ : state) {
    jobmedic_buffer* out = nullptr;
    if (jobmedic_apply_patch(document.data(), document.size(), patch.data(), patch.size(), &out, nullptr) !=
        JOBMEDIC_OK) {
      state.SkipWithError("apply_patch failed");
    }
    benchmark::DoNotOptimize(jobmedic_buffer_data(out));
    jobmedic_buffer_free(out);
  }
}

void classify(benchmark::State& state) {
  jobmedic_engine* engine = nullptr;
  if (jobmedic_engine_create(nullptr, 0, &engine, nullptr) != JOBMEDIC_OK) return state.SkipWithError("no engine");
  const std::string text = healthy_log();
  const std::string name = "driver.stderr";
  jobmedic_log log = {};
  log.name = name.data();
  log.name_size = name.size();
  log.data = text.data();
  log.data_size = text.size();
  for (auto _ : state) {
    jobmedic_buffer* out = nullptr;
    if (jobmedic_classify(engine, nullptr, 0, &log, 1, sizeof log, &out, nullptr) != JOBMEDIC_OK) {
      state.SkipWithError("classify failed");
    }
    benchmark::DoNotOptimize(jobmedic_buffer_data(out));
    jobmedic_buffer_free(out);
  }
  jobmedic_engine_free(engine);
}

BENCHMARK(apply_patch)->Name("a call of apply_patch(), 1 member/jobmedic");
BENCHMARK(classify)->Name("a call of classify(), 4 KB/jobmedic");

}  // namespace
