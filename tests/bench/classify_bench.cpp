// classify() in memory over the recorded logs of tests (JOBMEDIC_TEST_DATA), beside what the libraries below and beside
// it do with the same rules. raw hs_scan is the limit: the same automaton over the same blocks, places only collected.
#include <benchmark/benchmark.h>
#include <re2/re2.h>
#include <re2/set.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "classify/database.hpp"
#include "classify/frames.hpp"
#include "classify/regex.hpp"
#include "classify/rule_document.hpp"
#include "core/file.hpp"
#include "jobmedic/classify.hpp"
#include "json/reader.hpp"

namespace {

using namespace jobmedic;
namespace fs = std::filesystem;

struct Logs {
  std::vector<std::string> names;
  std::vector<std::string> texts;
  std::vector<Log> views;
  std::string all;
};

fs::path data() {
  const char* folder = std::getenv("JOBMEDIC_TEST_DATA");
  return folder != nullptr ? folder : "../shared/data";
}

Logs read_logs(const fs::path& root, const std::vector<std::string>& extensions) {
  std::vector<fs::path> paths;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(root, ignored)) {
    const std::string extension = entry.path().extension();
    if (std::find(extensions.begin(), extensions.end(), extension) != extensions.end()) paths.push_back(entry.path());
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
}

// Logs of jobs that failed, each with the stack that tells why.
const Logs& recorded() {
  static const Logs logs = read_logs(data() / "spark-failures", {".stdout", ".stderr"});
  return logs;
}

// What most logs are: sixteen systems at work, their warnings and errors among it.
const Logs& ordinary() {
  static const Logs logs = read_logs(data() / "loghub", {".log"});
  return logs;
}

// "Cannot find <name> in": a regex of the same meaning; empty where too little of it is fixed.
std::string regex_of_template(std::string_view text) {
  std::string regex;
  std::size_t fixed = 0;
  while (!text.empty()) {
    const std::size_t end = text.front() == '<' ? text.find('>') : std::string_view::npos;
    if (end != std::string_view::npos) {
      regex += ".{0,80}?";
      text.remove_prefix(end + 1);
      continue;
    }
    if (std::string_view("\\^$.[]|()?*+{}").find(text.front()) != std::string_view::npos) regex += '\\';
    regex += text.front();
    ++fixed;
    text.remove_prefix(1);
  }
  return fixed < 10 ? "" : regex;
}

// The shipped rules, and as many more as it takes, one for each error condition of Spark and one for its message:
// rules that nobody chose for their speed.
RuleSet rules_of(std::size_t count) {
  RuleSet rules = RuleSet::shipped();
  json::Array more;
  const auto add = [&](const std::string& name, const std::string& regex) {
    if (regex.empty() || rules.rules().size() + more.size() >= count) return;
    more.push_back(json::object(
        {{"name", name + "." + std::to_string(more.size())}, {"regex", regex}, {"category", "user_code"}}));
  };
  const json::Value conditions = json::parse(read_file(data() / "spark-error-conditions/error-conditions.json"));
  for (const auto& [name, condition] : json::Reader(conditions).members()) {
    add(name, "\\[" + name + "(?:\\.\\w+)?\\] ");
    if (const auto message = condition.find("message")) add(name, regex_of_template(message->strings().front()));
    const auto classes = condition.find("subClass");
    if (!classes) continue;
    for (const auto& [subclass, _] : classes->members()) add(name, "\\[" + name + "\\." + subclass + "\\] ");
  }
  rules.append(RuleSet::parse(json::write(json::object({{"schema", "jobmedic.rules/1"}, {"rules", std::move(more)}}))));
  return rules;
}

const RuleSet& rules(std::int64_t count) {
  static std::map<std::int64_t, RuleSet> made;
  const auto known = made.find(count);
  return known != made.end() ? known->second
                             : made.emplace(count, rules_of(static_cast<std::size_t>(count))).first->second;
}

const Classifier& classifier(std::int64_t count) {
  static std::map<std::int64_t, Classifier> made;
  return made.try_emplace(count, rules(count)).first->second;
}

bool skip_without(benchmark::State& state, const Logs& logs) {
  if (!logs.all.empty()) return false;
  state.SkipWithError("no data under JOBMEDIC_TEST_DATA");
  return true;
}

void count_bytes(benchmark::State& state, const Logs& logs) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * logs.all.size()));
}

template <typename Visit>
void each_piece(std::string_view text, std::size_t size, Visit visit) {
  for (std::size_t at = 0; at < text.size(); at += size) visit(text.substr(at, size));
}

template <typename Visit>
void each_line(std::string_view text, Visit visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    visit(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

void classify_whole(benchmark::State& state, const Logs& logs, std::int64_t count) {
  if (skip_without(state, logs)) return;
  const Classifier& rules = classifier(count);
  const std::vector<Log> whole{{"driver.stderr", logs.all}};
  for (auto _ : state) benchmark::DoNotOptimize(rules.classify(whole));
  count_bytes(state, logs);
  state.SetLabel(rules.description());
}

// Under names of no role: such logs are searched for what excerpts show, too.
void classify_named(benchmark::State& state, const Logs& logs) {
  if (skip_without(state, logs)) return;
  const Classifier& rules = classifier(0);
  for (auto _ : state) {
    for (const Log& log : logs.views) benchmark::DoNotOptimize(rules.classify(std::span(&log, 1)));
  }
  count_bytes(state, logs);
}

void classify_pieces(benchmark::State& state, const Logs& logs, std::int64_t count) {
  if (skip_without(state, logs)) return;
  const Classifier& rules = classifier(count);
  for (auto _ : state) {
    Scan scan = rules.scan();
    each_piece(logs.all, std::size_t{64} * 1024, [&](std::string_view piece) { scan.feed("driver.stderr", piece); });
    benchmark::DoNotOptimize(scan.result());
  }
  count_bytes(state, logs);
}

constexpr std::size_t small = std::size_t{4} * 1024;

void classify_small(benchmark::State& state, const Logs& logs, std::int64_t count) {
  if (skip_without(state, logs)) return;
  const Classifier& rules = classifier(count);
  std::int64_t done = 0;
  for (auto _ : state) {
    each_piece(logs.all, small, [&](std::string_view piece) {
      const Log log{"driver.stderr", piece};
      benchmark::DoNotOptimize(rules.classify(std::span(&log, 1)));
      ++done;
    });
  }
  count_bytes(state, logs);
  state.counters["logs/s"] = benchmark::Counter(static_cast<double>(done), benchmark::Counter::kIsRate);
}

// Hyperscan alone: every rule that runs in one database, its places counted, nothing decided.
struct Raw {
  explicit Raw(const RuleSet& rules) {
    const classify::RunnableRules running = classify::runnable(rules.rules());
    std::vector<classify::Pattern> patterns;
    for (const classify::RunnableRule& it : running.rules) {
      patterns.push_back({it.frame ? running.frames[*it.frame] : "", it.rule->regex, it.rule->flags});
    }
    database = classify::Database::compile(patterns);
    scratch = database.make_scratch();
  }
  classify::Database database;
  classify::Scratch scratch;
};

const Raw& raw(std::int64_t count) {
  static std::map<std::int64_t, Raw> made;
  return made.try_emplace(count, rules(count)).first->second;
}

void raw_scan(benchmark::State& state, const Logs& logs, std::int64_t count, std::size_t block) {
  if (skip_without(state, logs)) return;
  const Raw& scanner = raw(count);
  std::vector<classify::Place> found;
  std::size_t places = 0;
  for (auto _ : state) {
    each_piece(logs.all, block, [&](std::string_view piece) {
      scanner.database.scan(piece, scanner.scratch, found);
      places += found.size();
      found.clear();
    });
  }
  state.counters["places"] = static_cast<double>(places) / static_cast<double>(state.iterations());
  count_bytes(state, logs);
}

// RE2::Set tells which rules match a text, not where, so it gets each line; the stack that a rule asks for is not.
void re2_set(benchmark::State& state, const Logs& logs, std::int64_t count) {
  if (skip_without(state, logs)) return;
  RE2::Options options(RE2::Latin1);
  options.set_log_errors(false);
  options.set_max_mem(std::int64_t{1} << 30U);
  RE2::Set set(options, RE2::UNANCHORED);
  int taken = 0;
  for (const Rule& rule : rules(count).rules()) {
    const std::string flags = "(?m" + std::string(rule.flags.find('i') != std::string::npos ? "i" : "") + ")";
    if (!rule.regex.empty() && set.Add(flags + rule.regex, nullptr) >= 0) ++taken;
  }
  if (!set.Compile()) return state.SkipWithError("RE2::Set ran out of memory");
  std::vector<int> matched;
  for (auto _ : state) {
    each_line(logs.all, [&](std::string_view line) {
      benchmark::DoNotOptimize(set.Match({line.data(), line.size()}, &matched));
    });
  }
  state.counters["rules"] = taken;
  count_bytes(state, logs);
}

void pcre2_loop(benchmark::State& state, const Logs& logs, std::int64_t count) {
  if (skip_without(state, logs)) return;
  std::vector<classify::Regex> regexes;
  for (const Rule& rule : rules(count).rules()) {
    if (!rule.regex.empty()) regexes.emplace_back(rule.regex, rule.flags, true);
  }
  classify::RegexWorkspace workspace;
  for (auto _ : state) {
    each_line(logs.all, [&](std::string_view line) {
      classify::Window window;
      window.text = line;
      window.last_begin = line.size();
      for (const classify::Regex& regex : regexes) benchmark::DoNotOptimize(regex.match(window, workspace));
    });
  }
  state.counters["rules"] = static_cast<double>(regexes.size());
  count_bytes(state, logs);
}

void open_cached(benchmark::State& state) {
  static_cast<void>(classifier(0));  // fills the cache
  for (auto _ : state) benchmark::DoNotOptimize(Classifier(RuleSet::shipped()));
  state.SetLabel(Classifier(RuleSet::shipped()).description());
}

// A user's own rules: 400 of the shipped ones, as a file that jobmedic did not see at its own build.
class RuleFile {
 public:
  explicit RuleFile(std::size_t count)
      : path_(fs::temp_directory_path() / ("bench-rules-" + std::to_string(getpid()))) {
    std::vector<json::Value> rules;
    for (const auto& [file, text] : classify::shipped_rule_texts()) {
      const json::Value document = json::parse(text);
      for (const json::Reader& rule : json::Reader(document).at("rules").items()) {
        if (rules.size() < count) rules.push_back(alone(rule.value()));
      }
    }
    write_file_atomically(path_, json::write(json::object({{"schema", "jobmedic.rules/1"}, {"rules", rules}})));
  }
  RuleFile(const RuleFile&) = delete;
  RuleFile& operator=(const RuleFile&) = delete;
  ~RuleFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  // Without its relations: they name rules that may not be among these.
  static json::Value alone(const json::Value& rule) {
    json::Object members = *rule.as<json::Object>();
    std::erase_if(members, [](const json::Member& member) {
      return member.first == "wraps" || member.first == "unless" || member.first == "beside" ||
             member.first == "follows";
    });
    return members;
  }
  fs::path path_;
};

void open_own_cached(benchmark::State& state) {
  const RuleFile own(400);
  static_cast<void>(Classifier(RuleSet::load(own.path())));  // fills the cache
  for (auto _ : state) benchmark::DoNotOptimize(Classifier(RuleSet::load(own.path())));
  state.SetLabel(Classifier(RuleSet::load(own.path())).description());
}

// One claim, told for one set of logs and one number of rules.
void add_claim(const std::string& claim, const Logs& (*logs)(), std::int64_t count, bool peers) {
  constexpr std::size_t block = std::size_t{256} * 1024;  // classify()'s own
  const auto add = [&](const char* who, auto run) {
    return benchmark::RegisterBenchmark((claim + "/" + who).c_str(), [=](benchmark::State& state) { run(state); })
        ->Unit(benchmark::kMillisecond);
  };
  add("jobmedic", [=](benchmark::State& state) { classify_whole(state, logs(), count); });
  add("jobmedic, in pieces", [=](benchmark::State& state) { classify_pieces(state, logs(), count); });
  add("limit: raw hs_scan", [=](benchmark::State& state) { raw_scan(state, logs(), count, block); });
  if (!peers) return;
  add("RE2::Set by line", [=](benchmark::State& state) { re2_set(state, logs(), count); })->Iterations(1);
  if (count > 1'000) return;  // it would take minutes
  add("PCRE2-JIT loop", [=](benchmark::State& state) { pcre2_loop(state, logs(), count); })->Iterations(1);
}

[[maybe_unused]] const bool registered = [] {
  add_claim("classify 2 MB of ordinary logs, the shipped rules", ordinary, 0, true);
  add_claim("classify 2 MB of ordinary logs, 3,000 rules", ordinary, 3'000, true);
  benchmark::RegisterBenchmark("classify 2 MB of ordinary logs, each under a name of its own (*.log)/jobmedic",
                               [](benchmark::State& state) { classify_named(state, ordinary()); })
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark(
      "classify 2 MB of ordinary logs, each under a name of its own (*.log)/limit: raw hs_scan",
      [](benchmark::State& state) { raw_scan(state, ordinary(), 0, std::size_t{256} * 1024); })
      ->Unit(benchmark::kMillisecond);
  add_claim("classify 10 MB of failed jobs' logs, the shipped rules", recorded, 0, false);
  benchmark::RegisterBenchmark("classify ordinary logs in 4 KB each/jobmedic", [](benchmark::State& state) {
    classify_small(state, ordinary(), 0);
  })->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("classify ordinary logs in 4 KB each/limit: raw hs_scan", [](benchmark::State& state) {
    raw_scan(state, ordinary(), 0, small);
  })->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace

BENCHMARK(open_cached)->Name("read and open the shipped rules/jobmedic, cached")->Unit(benchmark::kMillisecond);
BENCHMARK(open_own_cached)->Name("read and open a file of 400 rules/jobmedic, cached")->Unit(benchmark::kMillisecond);
