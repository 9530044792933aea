// Claim: a patch costs little more than reading and writing the configuration, which nobody can avoid.
#include <benchmark/benchmark.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <nlohmann/json.hpp>

#include "jobmedic/patch.hpp"

namespace {

// A configuration as spark-submit gets it: 30 members.
std::string configuration(const char* memory) {
  std::string text = R"({"spark.executor.memory":")" + std::string(memory) +
                     R"(","spark.executor.cores":"4","spark.driver.memory":"2g","spark.sql.shuffle.partitions":"200")";
  for (int i = 0; i < 26; ++i) {
    text += ",\"spark.hadoop.fs.s3a.option-" + std::to_string(i) + "\":\"value " + std::to_string(i * 37) + '"';
  }
  return text + '}';
}

const std::string document = configuration("2g");
const std::string wanted = configuration("6g");
const std::string patch = R"([{"op":"replace","path":"/spark.executor.memory","value":"6g"},)"
                          R"({"op":"replace","path":"/spark.executor.cores","value":"2"},)"
                          R"({"op":"add","path":"/spark.executor.memoryOverhead","value":"1g"}])";

void apply_jobmedic(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(jobmedic::apply_patch(document, patch));
}

// Members keep their order here as they do there.
void apply_nlohmann(benchmark::State& state) {
  using json = nlohmann::ordered_json;
  for (auto _ : state) benchmark::DoNotOptimize(json::parse(document).patch(json::parse(patch)).dump());
}

void diff_jobmedic(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(jobmedic::diff(document, wanted));
}

void diff_nlohmann(benchmark::State& state) {
  using json = nlohmann::ordered_json;
  for (auto _ : state) benchmark::DoNotOptimize(json::diff(json::parse(document), json::parse(wanted)).dump());
}

std::string write(const rapidjson::Document& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return buffer.GetString();
}

// Both texts read and one written, nothing done between.
void read_and_write(benchmark::State& state, const std::string& written, const std::string& other) {
  for (auto _ : state) {
    rapidjson::Document first;
    rapidjson::Document second;
    first.Parse(written.data(), written.size());
    second.Parse(other.data(), other.size());
    benchmark::DoNotOptimize(second);
    benchmark::DoNotOptimize(write(first));
  }
}

BENCHMARK(apply_jobmedic)->Name("apply 3 operations to 30 members/jobmedic");
BENCHMARK(apply_nlohmann)->Name("apply 3 operations to 30 members/nlohmann_json");
BENCHMARK_CAPTURE(read_and_write, apply, document, patch)
    ->Name("apply 3 operations to 30 members/limit: RapidJSON reads and writes");
BENCHMARK(diff_jobmedic)->Name("difference of two times 30 members/jobmedic");
BENCHMARK(diff_nlohmann)->Name("difference of two times 30 members/nlohmann_json");
BENCHMARK_CAPTURE(read_and_write, diff, patch, document)
    ->Name("difference of two times 30 members/limit: RapidJSON reads and writes");

}  // namespace
