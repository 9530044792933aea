// What a regex costs beside other rules. Work is counted, not timed: PCRE2's callouts, its limit on backtracking, the
// lines on which the scanner's filter fires.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "classify/hostile_text.hpp"
#include "classify/lint.hpp"
#include "core/text.hpp"

namespace jobmedic::classify {
namespace {

using Severity = Lint::Severity;

constexpr std::size_t short_text = 128;
constexpr std::size_t long_text = 512;  // four times as long

// Lines that any job writes when all is well; a filter that fires on them fires all day.
constexpr std::array<std::string_view, 12> ordinary_lines{
    "26/11/22 02:19:12 INFO SparkContext: Running Spark version 3.5.5",
    "26/11/22 02:19:14 INFO TaskSetManager: Starting task 3.0 in stage 0.0 (TID 3) (host-7, executor 1, partition 3)",
    "26/11/22 02:19:15 INFO BlockManagerInfo: Added broadcast_0_piece0 in memory on host-7:41234 (size: 5.2 KiB)",
    "26/11/22 02:19:16 WARN NativeCodeLoader: Unable to load native library, using builtin classes",
    "2026-11-22T02:19:17.123Z [main] DEBUG com.acme.etl.Rollup - read 81923811 rows from /srv/etl/in/part-0001.parquet",
    "[2026-11-22, 02:19:18 UTC] {taskinstance.py:1157} INFO - Dependencies all met for task nightly.sessions",
    "02:19:19  1 of 4 OK created table model etl.sessions ........ [SELECT 12 in 1.20s]",
    "2026-11-22 02:19:20,456 INFO  [shuffle-1] org.apache.hadoop.hdfs.DFSClient: Successfully connected to host-7:9866",
    "\tat java.base/java.lang.Thread.run(Thread.java:840)",
    "  File \"/srv/etl/rollup.py\", line 17, in main",
    "+-----+--------------------+",
    "rows=42 path=s3a://bucket/key?x=1 user=ana elapsed=0.3s"};

Window window_of(std::string_view text, std::size_t last_begin) {
  Window window;
  window.text = text;
  window.last_begin = last_begin;
  return window;
}

bool matches_every_ordinary_line(const Regex& regex, RegexWorkspace& workspace) {
  return std::all_of(ordinary_lines.begin(), ordinary_lines.end(), [&](std::string_view line) {
    return regex.match(window_of(line, line.size()), workspace).kind == RegexMatch::Kind::match;
  });
}

struct Work {
  std::uint64_t steps = 0;
  bool gave_up = false;
};

// Tried at the text's first byte alone, as the limit on backtracking counts.
Work work_on(const Regex& measured, const std::string& text) {
  Work work;
  RegexWorkspace workspace;
  workspace.count_steps(work.steps);
  work.gave_up = measured.match(window_of(text, 0), workspace).kind == RegexMatch::Kind::gave_up;
  return work;
}

// Empty where the work for one place in a line grows with the line, not faster.
struct Cost {
  Severity severity = Severity::warning;
  std::string problem;
};

Cost cost_of(const std::string& regex, const std::string& flags) {
  const Regex measured = Regex::measured(regex, flags);
  Cost cost;
  for (const HostileText& hostile : hostile_texts(regex)) {
    const Work work = work_on(measured, hostile.of_size(long_text));
    if (work.gave_up) {
      return {Severity::error, fmt::format("backtracks without end: gives up on a line of {} bytes, as {} {} and so on",
                                           long_text, in_quotes(hostile.head), in_quotes(hostile.pump))};
    }
    const Work before = work_on(measured, hostile.of_size(short_text));
    if (work.steps < 4'096 || work.steps < 8 * before.steps || !cost.problem.empty()) continue;
    cost.problem =
        fmt::format("backtracks much: {} steps on a line of {} bytes, {} on one of {}, as {} {} and so on",
                    before.steps, short_text, work.steps, long_text, in_quotes(hostile.head), in_quotes(hostile.pump));
  }
  return cost;
}

// With callouts PCRE2 may find a regex too large that is none without: then the rule is measured without its frame.
Cost cost_as_it_runs(const std::string& within_frame, const Rule& rule) {
  for (const std::string& regex : {within_frame, rule.regex}) {
    try {
      return cost_of(regex, rule.flags);
    } catch (const RegexError&) {
    }
  }
  return {Severity::warning, "is too long for its cost to be measured"};
}

void lint_matching(Lint& lint, std::size_t rule, std::span<const std::size_t> running, RegexWorkspace& workspace) {
  const auto matches_all = [&](std::size_t i) {
    return matches_every_ordinary_line(lint.compiled().regex(i), workspace);
  };
  const Rule& it = lint.rules()[rule];
  if (std::any_of(running.begin(), running.end(), matches_all)) {
    lint.report(rule, Severity::error, "regex", "regex: matches every ordinary line, so it would match every log");
  } else if (Regex(it.regex, it.flags, false).may_be_empty()) {
    lint.report(rule, Severity::warning, "regex", "regex: may match without any text, so it shows no evidence");
  }
  for (const std::size_t i : running) {
    const Cost cost = cost_as_it_runs(lint.compiled().regex_text(i), it);
    if (cost.problem.empty()) continue;
    lint.report(rule, cost.severity, "cost", "regex: " + cost.problem);
    break;
  }
}

// For each of the rules as they run the number of ordinary lines on which its filter fires.
std::vector<std::size_t> false_alarms(const CompiledRules& compiled) {
  std::vector<std::size_t> lines(compiled.rules().size());
  const CompiledRules::Lease workspace(compiled);
  for (const std::string_view line : ordinary_lines) {
    std::vector<bool> fired(lines.size());
    const auto fire = [&](std::span<const std::uint32_t> patterns) {
      for (const std::uint32_t pattern : patterns) {
        if (pattern < lines.size()) fired[pattern] = true;
      }
    };
    for (const Automaton automaton : {Automaton::first, Automaton::inner}) {
      std::vector<Place> places;
      compiled.scan(automaton, line, *workspace, places);
      for (const Place& place : places) fire(compiled.patterns_of(automaton, place));
    }
    for (std::size_t rule = 0; rule < lines.size(); ++rule) lines[rule] += fired[rule] ? 1 : 0;
  }
  return lines;
}

void lint_filter(Lint& lint, std::size_t rule, std::span<const std::size_t> running,
                 const std::vector<std::size_t>& alarms) {
  const auto unfiltered = [&](std::size_t i) { return lint.compiled().filter(i) == Filter::none; };
  std::size_t most = 0;
  for (const std::size_t i : running) most = std::max(most, alarms[i]);
  if (!scanner_cpu()) return;  // then no rule is filtered, whatever it says
  if (std::any_of(running.begin(), running.end(), unfiltered)) {
    lint.report(rule, Severity::warning, "cost", "regex: the scanner cannot filter for it: PCRE2 tries every line");
  } else if (most * 4 >= ordinary_lines.size()) {
    lint.report(
        rule, Severity::warning, "cost",
        fmt::format("regex: holds no telling text: PCRE2 tries {} of {} ordinary lines", most, ordinary_lines.size()));
  }
}

}  // namespace

void lint_regexes(Lint& lint) {
  RegexWorkspace workspace;
  const std::vector<std::size_t> alarms = false_alarms(lint.compiled());
  std::map<std::string_view, std::vector<std::size_t>> running;  // one per frame's alternative
  for (std::size_t i = 0; i < alarms.size(); ++i) running[lint.compiled().rule(i).name].push_back(i);
  for (std::size_t rule = 0; rule < lint.rules().size(); ++rule) {
    const Rule& it = lint.rules()[rule];
    if (!lint.judged(rule) || it.regex.empty()) continue;
    lint_matching(lint, rule, running[it.name], workspace);
    lint_filter(lint, rule, running[it.name], alarms);
  }
}

}  // namespace jobmedic::classify
