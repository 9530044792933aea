#include "classify/finalizer.hpp"

#include <algorithm>
#include <set>
#include <string_view>

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

Classification finalize(std::span<const Rule> rules, const Relations& relations, const FirstMatches& matches) {
  std::set<std::size_t> fires;
  std::set<std::string_view> names;
  std::vector<std::size_t> firing;  // in order, one per name
  for (const auto& [rule, match] : matches) {
    const std::vector<std::size_t>& silencing = relations.unless[rule];
    if (std::any_of(silencing.begin(), silencing.end(), [&](auto other) { return matches.contains(other); })) continue;
    fires.insert(rule);
    if (names.insert(rules[rule].name).second) firing.push_back(rule);
  }
  Classification verdict;
  if (firing.empty()) return verdict;
  const auto is_symptom = [&](std::size_t rule) {
    const std::vector<std::size_t>& wrapped = relations.wraps[rule];
    return std::any_of(wrapped.begin(), wrapped.end(), [&](auto other) { return fires.contains(other); });
  };
  auto winner = std::find_if_not(firing.begin(), firing.end(), is_symptom);
  if (winner == firing.end()) winner = firing.begin();

  const Rule& rule = rules[*winner];
  verdict.classified = true;
  verdict.rule = rule.name;
  verdict.category = rule.category;
  verdict.fault = rule.fault;
  verdict.restartable = rule.restartable;
  verdict.retry = rule.retry;
  verdict.summary = rule.summary;
  verdict.advice = rule.advice;
  verdict.evidence = matches.at(*winner).evidence;
  for (const std::size_t other : firing) {
    if (other != *winner) verdict.other_matches.push_back({rules[other].name, matches.at(other).evidence});
  }
  return verdict;
}

}  // namespace jobmedic::classify
