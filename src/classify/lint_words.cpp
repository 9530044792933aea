// What a person misses in a rule, and logs it will never see.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "classify/lint.hpp"
#include "classify/log_names.hpp"
#include "core/glob.hpp"
#include "core/text.hpp"

namespace jobmedic::classify {
namespace {

std::vector<std::string> missing_in(const Rule& rule) {
  std::vector<std::string> missing;
  if (rule.summary.empty()) missing.emplace_back("summary");
  if (rule.advice.empty()) missing.emplace_back("advice");
  if (rule.source.empty()) missing.emplace_back("source");
  if (!rule.regex.empty() && rule.matches.empty()) missing.emplace_back("matches");
  if (!rule.regex.empty() && rule.ignores.empty()) missing.emplace_back("ignores");
  return missing;
}

bool reads_a_log(const std::string& glob) {
  const auto names = typical_log_names();
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return glob_matches(glob, name); });
}

}  // namespace

void lint_words(Lint& lint) {
  std::set<std::string_view> running;
  for (const RunnableRule& it : lint.compiled().rules()) running.insert(it.rule->name);
  for (std::size_t i = 0; i < lint.rules().size(); ++i) {
    if (!lint.judged(i)) continue;
    const Rule& rule = lint.rules()[i];
    if (const auto missing = missing_in(rule); !missing.empty()) {
      lint.report(i, Lint::Severity::warning, "words", fmt::format("has no {}", join(missing, ", no ")));
    }
    if (!running.contains(rule.name)) {
      lint.report(
          i, Lint::Severity::error, "log",
          fmt::format("within: no frame {} reads a log that {} matches", in_quotes(rule.within), in_quotes(rule.log)));
    }
    if (!rule.regex.empty() && !reads_a_log(rule.log)) {
      lint.report(i, Lint::Severity::warning, "log",
                  fmt::format("log: no source gives a log that {} matches; names are ROLE[-N].STREAM, as "
                              "driver.stderr, executor-0.stdout, scheduler.log, container-3.log",
                              in_quotes(rule.log)));
    }
  }
}

}  // namespace jobmedic::classify
