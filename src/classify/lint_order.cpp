// How rules stand with each other, told by their examples: each is tried under the names of logs that its rule reads.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "classify/finalizer.hpp"
#include "classify/lint.hpp"
#include "classify/log_names.hpp"
#include "classify/log_scanner.hpp"
#include "core/glob.hpp"
#include "core/text.hpp"

namespace jobmedic::classify {
namespace {

using Severity = Lint::Severity;

bool same_verdict(const Rule& a, const Rule& b) {
  return a.category == b.category && a.restartable == b.restartable;
}

// The names of rules that the finalizer lets fire, the winner first.
std::vector<std::string> firing(const CompiledRules& rules, const FirstMatches& matches) {
  const Classification verdict = finalize(rules.rules(), rules.relations(), matches);
  std::vector<std::string> names;
  if (verdict.classified) names.push_back(verdict.rule);
  for (const RuleMatch& other : verdict.other_matches) names.push_back(other.rule);
  return names;
}

class OrderLint {
 public:
  explicit OrderLint(Lint& lint) : lint_(lint), workspace_(lint.compiled()), every_(lint.compiled().rules().size()) {
    for (std::size_t i = 0; i < lint.compiled().rules().size(); ++i) every_.set(i);
    for (std::size_t i = 0; i < lint.rules().size(); ++i) by_name_.emplace(lint.rules()[i].name, i);
  }

  void run() {
    for (std::size_t rule = 0; rule < lint_.rules().size(); ++rule) {
      if (!lint_.judged(rule) || at(rule).regex.empty()) continue;
      if (const auto earlier = earlier_twin(rule)) {
        report(rule, Severity::error,
               fmt::format("never wins: {} has the same regex and comes first", told(*earlier, rule)));
      } else {
        try_matches(rule);
      }
      try_ignores(rule);
    }
    try_examples_of_others();
  }

 private:
  [[nodiscard]] const Rule& at(std::size_t rule) const { return lint_.rules()[rule]; }
  [[nodiscard]] std::string told(std::size_t rule, std::size_t to) const {
    const bool elsewhere = at(rule).file != at(to).file;
    return fmt::format("rule {} \"{}\"{}", at(rule).number, at(rule).name, elsewhere ? " of " + at(rule).file : "");
  }
  void report(std::size_t rule, Severity severity, std::string problem) {
    lint_.report(rule, severity, "order", std::move(problem));
  }

  // What matches the text; of the rules with a condition only `rule`, as if its condition held.
  FirstMatches match(std::string_view name, std::string_view text, std::size_t rule) {
    Findings findings;
    LogScanner(lint_.compiled(), name, 0, every_, ExitStatus::unknown, *workspace_)
        .feed(text, true, findings, *workspace_);
    std::erase_if(findings.matches, [&](const auto& match) {
      const Rule& running = lint_.compiled().rule(match.first);
      return !running.when.empty() && running.name != at(rule).name;
    });
    return findings.matches;
  }

  // Whatever the later one could match, the earlier one matches: they read the same logs, or the earlier one reads all.
  [[nodiscard]] std::optional<std::size_t> earlier_twin(std::size_t rule) const {
    const Rule& later = at(rule);
    for (std::size_t i = 0; i < rule; ++i) {
      const Rule& earlier = at(i);
      const bool same_regex = earlier.regex == later.regex && earlier.flags == later.flags &&
                              earlier.lines == later.lines && earlier.frames == later.frames;
      const bool reads_it = earlier.log == later.log || earlier.log == "*";
      const bool free = earlier.when.empty() && (earlier.unless.empty() || earlier.unless == later.unless) &&
                        (earlier.beside.empty() || earlier.beside == later.beside) &&
                        (earlier.wraps.empty() || earlier.wraps == later.wraps);
      if (same_regex && reads_it && free) return i;
    }
    return std::nullopt;
  }

  void try_matches(std::size_t rule) {
    std::set<std::size_t> winners;    // of examples that this rule lost
    std::set<std::size_t> stand_ins;  // shipped rules that would say the same of the others
    std::size_t matched = 0;
    std::size_t lost = 0;
    std::size_t needless = 0;
    for (const std::string& text : at(rule).matches) {
      const FirstMatches matches = match("", text, rule);
      const std::vector<std::string> names = firing(lint_.compiled(), matches);
      if (std::find(names.begin(), names.end(), at(rule).name) == names.end()) {
        lint_.report(rule, Severity::error, "example", why_not(rule, matches, text));
        continue;
      }
      ++matched;
      const std::size_t winner = by_name_.at(names.front());
      const std::size_t next = names.size() > 1 ? by_name_.at(names[1]) : rule;
      if (winner != rule && !wins_under_a_name(rule, text)) {
        ++lost;
        winners.insert(winner);
      } else if (winner == rule && !at(rule).shipped && at(next).shipped && same_verdict(at(next), at(rule))) {
        ++needless;
        stand_ins.insert(next);
      }
    }
    if (matched == 0) return;
    if (lost == matched) return report_never(rule, winners);
    if (lost > 0) return report_lost(rule, winners);
    if (needless == matched && at(rule).when.empty() && at(rule).retry.empty()) {
      report(rule, Severity::warning, fmt::format("is not needed: {} says the same of its examples", list(stand_ins)));
    }
  }

  [[nodiscard]] std::string why_not(std::size_t rule, const FirstMatches& matches, const std::string& text) const {
    const std::vector<RunnableRule>& running = lint_.compiled().rules();
    for (const auto& [i, match] : matches) {
      if (running[i].place != rule) continue;
      if (lacks_company(lint_.compiled().relations(), running, i, matches)) {
        return fmt::format("matches: {} has nothing that \"beside\" asks for", in_quotes(text));
      }
      for (const auto& [other, its_match] : matches) {
        if (related(lint_.compiled().relations().unless, running[i], running[other])) {
          return fmt::format("matches: {} is silenced by {}", in_quotes(text), told(running[other].place, rule));
        }
      }
    }
    return fmt::format("matches: {} is not matched", in_quotes(text));
  }

  // An earlier rule may read other logs only.
  bool wins_under_a_name(std::size_t rule, std::string_view text) {
    const auto names = typical_log_names();
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
      if (!glob_matches(at(rule).log, name)) return false;
      const auto fired = firing(lint_.compiled(), match(name, text, rule));
      return !fired.empty() && fired.front() == at(rule).name;
    });
  }

  [[nodiscard]] std::string list(const std::set<std::size_t>& rules) const {
    std::vector<std::string> names;
    for (const std::size_t rule : rules) {
      names.push_back(at(rule).name);
      if (names.size() == 3 && rules.size() > 4) {
        names.push_back(fmt::format("{} more", rules.size() - 3));
        break;
      }
    }
    return join(names, ", ");
  }

  void report_never(std::size_t rule, const std::set<std::size_t>& winners) {
    const bool same = std::all_of(winners.begin(), winners.end(),
                                  [&](std::size_t winner) { return same_verdict(at(winner), at(rule)); });
    const char* says = same ? ", which says the same" : "";
    report(rule, same ? Severity::warning : Severity::error,
           fmt::format("never wins: every example is won by {}{}", list(winners), says));
  }

  void report_lost(std::size_t rule, std::set<std::size_t> winners) {
    std::erase_if(winners, [&](std::size_t winner) { return same_verdict(at(winner), at(rule)); });
    if (winners.empty()) return;
    report(rule, Severity::warning, fmt::format("an example is won by {}, which says otherwise", list(winners)));
  }

  void try_ignores(std::size_t rule) {
    for (const std::string& text : at(rule).ignores) {
      const std::vector<std::string> names = firing(lint_.compiled(), match("", text, rule));
      if (std::find(names.begin(), names.end(), at(rule).name) == names.end()) continue;
      lint_.report(rule, Severity::error, "example", fmt::format("ignores: {} is matched", in_quotes(text)));
    }
  }

  // A user's rule that is too broad shows in what it takes from the pack.
  void try_examples_of_others() {
    std::map<std::size_t, std::set<std::size_t>> taken;
    for (std::size_t rule = 0; rule < lint_.rules().size(); ++rule) {
      if (lint_.judged(rule) || at(rule).regex.empty()) continue;
      for (const std::string& text : at(rule).matches) {
        const std::vector<std::string> names = firing(lint_.compiled(), match("", text, rule));
        if (names.empty()) continue;
        const std::size_t winner = by_name_.at(names.front());
        if (lint_.judged(winner) && !same_verdict(at(winner), at(rule))) taken[winner].insert(rule);
      }
    }
    for (const auto& [rule, losers] : taken) {
      report(rule, Severity::warning,
             fmt::format("takes examples of {} shipped rule{} that say{} otherwise: {}", losers.size(),
                         losers.size() == 1 ? "" : "s", losers.size() == 1 ? "s" : "", list(losers)));
    }
  }

  Lint& lint_;
  CompiledRules::Lease workspace_;
  RuleBits every_;  // rules, as they run
  std::map<std::string_view, std::size_t> by_name_;
};

}  // namespace

void lint_order(Lint& lint) {
  OrderLint(lint).run();
}

}  // namespace jobmedic::classify
