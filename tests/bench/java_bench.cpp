// Claim: Java pays for a call at most 2 us more than C, and copying. The same calls by the C ABI here, by JNI in
// JavaCalls.java.
#include <benchmark/benchmark.h>

#include <string>

#include "jobmedic.h"

namespace {

const std::string document = R"({"spark.executor.memory":"2g","spark.executor.cores":"4"})";
const std::string patch = R"([{"op":"add","path":"/spark.executor.memory","value":"6g"}])";
const std::string config =
    R"({"shipped_rules":false,"rules":[{"schema":"jobmedic.rules/1","rules":[{"name":"Heap","source":"mine",)"
    R"("regex":"Java heap space","summary":"Heap.","category":"memory_config","fault":"user","restartable":false,)"
    R"("advice":"More.","matches":["Java heap space"]}]}]})";

void apply_patch(benchmark::State& state) {
  for (auto _ : state) {
    jobmedic_buffer* out = nullptr;
    jobmedic_apply_patch(document.data(), document.size(), patch.data(), patch.size(), &out, nullptr);
    benchmark::DoNotOptimize(jobmedic_buffer_data(out));
    jobmedic_buffer_free(out);
  }
}

void classify(benchmark::State& state) {
  std::string text;
  while (text.size() < 1000) text += "26/11/21 03:12:00 INFO TaskSetManager: Finished task\n";
  text += "java.lang.OutOfMemoryError: Java heap space\n";
  jobmedic_engine* engine = nullptr;
  if (jobmedic_engine_create(config.data(), config.size(), &engine, nullptr) != JOBMEDIC_OK) {
    state.SkipWithError("no engine");
  }
  const jobmedic_log log = {"driver.stderr", 13, text.data(), text.size(), nullptr, 0};
  for (auto _ : state) {
    jobmedic_buffer* out = nullptr;
    jobmedic_classify(engine, nullptr, 0, &log, 1, sizeof log, &out, nullptr);
    benchmark::DoNotOptimize(jobmedic_buffer_data(out));
    jobmedic_buffer_free(out);
  }
  jobmedic_engine_free(engine);
}

BENCHMARK(apply_patch)->Name("one call: apply a patch to 2 members/jobmedic");
BENCHMARK(classify)->Name("one call: classify a log of 1 KB by one rule/jobmedic");

}  // namespace
