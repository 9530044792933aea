// recommend() on a really failed run, after warm-up, with a model trained here on the recorded retries. The peer row
// asks the same model about every executor memory and core count of the space instead of searching.
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/file.hpp"
#include "jobmedic/recommend.hpp"
#include "json/value.hpp"

namespace {

using namespace jobmedic;

std::vector<Attempt> recorded() {
  const char* folder = std::getenv("JOBMEDIC_TEST_DATA");
  const std::filesystem::path data = folder != nullptr ? folder : "../shared/data";
  const std::string text = read_file(data / "spark-retries/attempts.jsonl");
  std::vector<Attempt> attempts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) attempts.push_back(Attempt::parse(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return attempts;
}

struct Setup {
  Space space = Space::shipped("spark");
  std::shared_ptr<const Model> model;
  Attempt failed;
  Classification verdict;
  Policy policy;
};

// Trained in a child: whoever trains has libtorch loaded, and the builtin row must not.
std::string weights(const Space& space, const std::vector<Attempt>& attempts) {
  const auto file = std::filesystem::temp_directory_path() / ("jobmedic-bench-" + std::to_string(getpid()));
  const pid_t child = fork();
  if (child == 0) {
    TrainingOptions options;
    options.version = "bench.1";
    write_file_atomically(file, train(attempts, space, options).safetensors);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::string trained = read_file(file);
  std::filesystem::remove(file);
  return trained;
}

const Setup& setup() {
  static const Setup made = [] {
    Setup setup;
    const std::vector<Attempt> attempts = recorded();
    setup.model = Model::parse(weights(setup.space, attempts));
    setup.failed = *std::find_if(attempts.begin(), attempts.end(),
                                 [](const Attempt& attempt) { return !attempt.outcome->succeeded; });
    setup.verdict.classified = true;
    setup.verdict.rule = "ExecutorHeapOutOfMemory";
    setup.verdict.category = "memory_config";
    setup.policy.deadline = std::chrono::seconds(60);
    return setup;
  }();
  return made;
}

void without_model(benchmark::State& state) {
  const Setup& s = setup();
  for (auto _ : state) benchmark::DoNotOptimize(recommend(s.failed, s.verdict, nullptr, s.space, s.policy));
}

void search(benchmark::State& state, bool with_torch) {
  const Setup& s = setup();
  if (with_torch && !load_torch().empty()) return state.SkipWithError("no torch module");
  for (auto _ : state) benchmark::DoNotOptimize(recommend(s.failed, s.verdict, s.model.get(), s.space, s.policy));
}

// Executor memory up to 8 times what failed, all memory fractions: what recommend() may choose from.
void exhaustive(benchmark::State& state) {
  const Setup& s = setup();
  const auto index = [&](std::string_view name) {
    const auto& all = s.space.parameters;
    return static_cast<std::size_t>(
        std::find_if(all.begin(), all.end(), [&](const Parameter& p) { return p.name == name; }) - all.begin());
  };
  const std::size_t memory = index("spark.executor.memory");
  const std::size_t fraction = index("spark.memory.fraction");
  std::vector<Point> all;
  const double failed =
      s.space.parse_value(memory, *json::parse(s.failed.config).find("spark.executor.memory")->as<std::string>());
  for (double mib = failed; mib <= s.policy.max_growth * failed; mib += 64) {
    for (int step = 0; step <= 11; ++step) {
      Point point(s.space.parameters.size(), std::nan(""));
      point[memory] = mib;
      point[fraction] = s.space.snap(fraction, 0.3 + 0.05 * step);
      all.push_back(std::move(point));
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(s.model->predict(s.failed, s.verdict, s.space, all, {}));
  state.counters["candidates"] = static_cast<double>(all.size());
}

// What the model alone needs for as many predictions.
void predictions_alone(benchmark::State& state) {
  const Setup& s = setup();
  const std::vector<Point> same(30, Point(s.space.parameters.size(), std::nan("")));
  for (auto _ : state) benchmark::DoNotOptimize(s.model->predict(s.failed, s.verdict, s.space, same, {}));
}

constexpr auto unit = benchmark::kMillisecond;
BENCHMARK_CAPTURE(search, builtin, false)->Name("recommend(), 30 candidates/jobmedic (builtin)")->Unit(unit);
BENCHMARK(exhaustive)->Name("recommend(), 30 candidates/every one of the space")->Unit(unit);
BENCHMARK(predictions_alone)->Name("recommend(), 30 candidates/limit: 30 predictions in one batch")->Unit(unit);
BENCHMARK(without_model)->Name("recommend() without a model/jobmedic")->Unit(unit);
BENCHMARK_CAPTURE(search, libtorch, true)->Name("recommend(), 30 candidates/jobmedic (libtorch)")->Unit(unit);

}  // namespace
