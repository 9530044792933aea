// classify() over the recorded logs of tests (JOBMEDIC_TEST_DATA), beside what the libraries below and beside it do
// with the same rules. raw hs_scan is the limit: the same automaton over the same bytes with a callback that only
// counts.
#include <benchmark/benchmark.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "classify/compiled_rules.hpp"
#include "core/file.hpp"

namespace {

using namespace jobmedic;
namespace fs = std::filesystem;

struct Logs {
  std::vector<std::string> names;
  std::vector<std::string> texts;
  std::vector<Log> views;
  std::string all;
};

const Logs& recorded() {
  static const Logs logs = [] {
    const char* folder = std::getenv("JOBMEDIC_TEST_DATA");
    const fs::path root = fs::path(folder != nullptr ? folder : "../shared/data") / "spark-failures";
    std::vector<fs::path> paths;
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(root, ignored)) {
      const auto extension = entry.path().extension();
      if (extension == ".stdout" || extension == ".stderr") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    Logs read;
    for (const fs::path& path : paths) {
      read.names.push_back(path.filename().string());
      read.texts.push_back(read_file(path));
      read.all += read.texts.back();
    }
    for (std::size_t i = 0; i < paths.size(); ++i) read.views.push_back({read.names[i], read.texts[i]});
    return read;
  }();
  return logs;
}

const RuleSet& shipped() {
  static const RuleSet rules = RuleSet::shipped();
  return rules;
}

const Classifier& classifier() {
  static const Classifier compiled(shipped());
  return compiled;
}

const classify::CompiledRules& compiled_rules() {
  static const classify::CompiledRules rules(shipped(), {});
  return rules;
}

bool skip_without_data(benchmark::State& state) {
  if (!recorded().all.empty()) return false;
  state.SkipWithError("no spark-failures under JOBMEDIC_TEST_DATA");
  return true;
}

void count_bytes(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * recorded().all.size()));
}

void classify_one_log(benchmark::State& state) {
  if (skip_without_data(state)) return;
  const std::vector<Log> logs{{"", recorded().all}};
  for (auto _ : state) benchmark::DoNotOptimize(classifier().classify(logs));
  count_bytes(state);
}

void classify_each_log(benchmark::State& state) {
  if (skip_without_data(state)) return;
  for (auto _ : state) {
    for (const Log& log : recorded().views) benchmark::DoNotOptimize(classifier().classify(std::span(&log, 1)));
  }
  count_bytes(state);
}

void classify_stream(benchmark::State& state) {
  if (skip_without_data(state)) return;
  const std::string_view all = recorded().all;
  for (auto _ : state) {
    Scan scan = classifier().scan();
    for (std::size_t at = 0; at < all.size(); at += 64 * 1024) scan.feed("", all.substr(at, 64 * 1024));
    benchmark::DoNotOptimize(scan.result());
  }
  count_bytes(state);
}

// In one call, and in blocks as classify() scans: what lies in the core's cache is scanned faster.
void raw_scan(benchmark::State& state) {
  if (skip_without_data(state)) return;
  const std::size_t block = state.range(0) == 0 ? recorded().all.size() : static_cast<std::size_t>(state.range(0));
  const classify::CompiledRules::Lease workspace(compiled_rules());
  std::size_t hits = 0;
  const auto count = [](void* sum, std::size_t, std::size_t) {
    ++*static_cast<std::size_t*>(sum);
    return true;
  };
  const std::string_view all = recorded().all;
  for (auto _ : state) {
    for (std::size_t at = 0; at < all.size(); at += block) {
      compiled_rules().database().scan(all.substr(at, block), (*workspace).scratch, count, &hits);
    }
  }
  state.counters["hits"] = static_cast<double>(hits) / static_cast<double>(state.iterations());
  count_bytes(state);
}

// RE2::Set tells which rules match a text, not where, so it gets each line; rules over several lines see one as well.
void re2_set(benchmark::State& state) {
  if (skip_without_data(state)) return;
  RE2::Options options(RE2::Latin1);
  options.set_log_errors(false);
  options.set_max_mem(std::int64_t{256} << 20U);
  RE2::Set set(options, RE2::UNANCHORED);
  int taken = 0;
  for (const Rule& rule : shipped().rules()) {
    const std::string flags = "(?m" + std::string(rule.flags.find('i') != std::string::npos ? "i" : "") + ")";
    if (!rule.regex.empty() && set.Add(flags + rule.regex, nullptr) >= 0) ++taken;
  }
  if (!set.Compile()) return state.SkipWithError("RE2::Set ran out of memory");
  const std::string_view all = recorded().all;
  std::vector<int> matched;
  for (auto _ : state) {
    for (std::size_t begin = 0; begin < all.size();) {
      const std::size_t end = std::min(all.find('\n', begin), all.size());
      benchmark::DoNotOptimize(set.Match({all.data() + begin, end - begin}, &matched));
      begin = end + 1;
    }
  }
  state.counters["rules"] = taken;
  state.counters["of"] = static_cast<double>(shipped().rules().size());
  count_bytes(state);
}

void pcre2_loop(benchmark::State& state) {
  if (skip_without_data(state)) return;
  std::vector<classify::Regex> regexes;
  for (const Rule& rule : shipped().rules()) {
    if (!rule.regex.empty()) regexes.emplace_back(rule.regex, rule.flags, true);
  }
  classify::RegexWorkspace workspace;
  const std::string_view all = recorded().all;
  for (auto _ : state) {
    for (std::size_t begin = 0; begin < all.size();) {
      const std::size_t end = std::min(all.find('\n', begin), all.size());
      const classify::Window line{all.substr(begin, end - begin), end - begin, true, true};
      for (const classify::Regex& regex : regexes) benchmark::DoNotOptimize(regex.match(line, workspace));
      begin = end + 1;
    }
  }
  state.counters["rules"] = static_cast<double>(regexes.size());
  count_bytes(state);
}

void open_cached(benchmark::State& state) {
  static_cast<void>(classifier());  // fills the cache
  for (auto _ : state) benchmark::DoNotOptimize(Classifier(shipped()));
  state.SetLabel(Classifier(shipped()).description());
}

void read_shipped(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(RuleSet::shipped());
}

}  // namespace

BENCHMARK(classify_one_log)->Name("classify 10 MB of Spark logs as one/jobmedic")->Unit(benchmark::kMillisecond);
BENCHMARK(classify_stream)
    ->Name("classify 10 MB of Spark logs as one/jobmedic, in pieces")
    ->Unit(benchmark::kMillisecond);
BENCHMARK(raw_scan)
    ->Name("classify 10 MB of Spark logs as one/limit: raw hs_scan")
    ->ArgName("block")
    ->Arg(0)
    ->Arg(256 * 1024)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(re2_set)->Name("classify 10 MB of Spark logs as one/RE2::Set by line")->Unit(benchmark::kMillisecond);
BENCHMARK(pcre2_loop)
    ->Name("classify 10 MB of Spark logs as one/PCRE2-JIT loop")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK(classify_each_log)->Name("classify 551 Spark logs one by one/jobmedic")->Unit(benchmark::kMillisecond);
BENCHMARK(open_cached)->Name("open the shipped rules/jobmedic, cached")->Unit(benchmark::kMillisecond);
BENCHMARK(read_shipped)->Name("read the shipped rules/jobmedic")->Unit(benchmark::kMillisecond);
