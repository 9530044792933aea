#include "classify/finalizer.hpp"

#include <algorithm>

#include "core/glob.hpp"

namespace jobmedic::classify {

bool condition_holds(const RuleCondition& when, const Attempt* attempt) {
  if (when.empty()) return true;
  if (attempt == nullptr) return false;
  if (!when.job.empty() && !glob_matches(when.job, attempt->job)) return false;
  for (const auto& [name, pattern] : when.labels) {
    const auto label = attempt->labels.find(name);
    if (label == attempt->labels.end() || !glob_matches(pattern, label->second)) return false;
  }
  if (when.exit_codes.empty()) return true;
  if (!attempt->outcome || !attempt->outcome->exit_code) return false;
  return std::find(when.exit_codes.begin(), when.exit_codes.end(), *attempt->outcome->exit_code) !=
         when.exit_codes.end();
}

Classification finalize(std::span<const Rule> rules, std::span<const std::vector<std::size_t>> unless,
                        const FirstMatches& matches) {
  const auto fires = [&](std::size_t rule) {
    return matches[rule] && std::none_of(unless[rule].begin(), unless[rule].end(),
                                         [&](std::size_t other) { return matches[other].has_value(); });
  };
  Classification verdict;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!fires(i)) continue;
    if (verdict.classified) {
      verdict.other_matches.push_back({rules[i].name, matches[i]->evidence});
      continue;
    }
    verdict.classified = true;
    verdict.rule = rules[i].name;
    verdict.category = rules[i].category;
    verdict.fault = rules[i].fault;
    verdict.restartable = rules[i].restartable;
    verdict.retry = rules[i].retry;
    verdict.summary = rules[i].summary;
    verdict.advice = rules[i].advice;
    verdict.evidence = matches[i]->evidence;
  }
  return verdict;
}

}  // namespace jobmedic::classify
