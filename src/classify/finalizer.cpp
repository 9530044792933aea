#include "classify/finalizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>

#include "classify/rule_error.hpp"
#include "core/glob.hpp"

namespace jobmedic::classify {
namespace {

// Which rules a name or a glob means; asked once for each, since many rules say the same.
class Names {
 public:
  explicit Names(const std::vector<Rule>& rules) : rules_(rules) {
    for (std::size_t i = 0; i < rules.size(); ++i) by_name_.emplace(rules[i].name, i);
  }

  const std::vector<std::size_t>& meant_by(const std::string& name) {
    const auto [entry, is_new] = known_.try_emplace(name);
    if (!is_new) return entry->second;
    if (name.find_first_of("*?[") == std::string::npos) {
      if (const auto found = by_name_.find(name); found != by_name_.end()) entry->second.push_back(found->second);
    } else {
      for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (glob_matches(name, rules_[i].name)) entry->second.push_back(i);
      }
    }
    return entry->second;
  }

 private:
  const std::vector<Rule>& rules_;
  std::map<std::string_view, std::size_t> by_name_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> known_;
};

std::vector<std::size_t> resolve(const Rule& self, std::size_t place, const std::vector<std::string>& names,
                                 std::string_view relation, Names& known) {
  std::set<std::size_t> resolved;
  std::set<std::size_t> excluded{place};
  for (const std::string& name : names) {
    const bool excludes = name.starts_with('!');
    const std::vector<std::size_t>& meant = known.meant_by(excludes ? name.substr(1) : name);
    if (meant.empty() || meant == std::vector{place})
      throw rule_error(self, fmt::format("{}: there is no rule \"{}\"", relation, name));
    (excludes ? excluded : resolved).insert(meant.begin(), meant.end());
  }
  std::vector<std::size_t> left;
  std::set_difference(resolved.begin(), resolved.end(), excluded.begin(), excluded.end(), std::back_inserter(left));
  return left;
}

// Whether one of the matches is of a rule that the relation names for `rule`.
bool meets(const std::vector<std::vector<std::size_t>>& relation, std::span<const RunnableRule> rules, std::size_t rule,
           const FirstMatches& matches) {
  return std::any_of(matches.begin(), matches.end(),
                     [&](const auto& other) { return related(relation, rules[rule], rules[other.first]); });
}

// From the first that fires to the first of those that it wraps, and on. Where rules wrap each other, order decides.
std::size_t innermost(std::span<const RunnableRule> rules, const Relations& relations,
                      const std::vector<std::size_t>& fires) {
  std::set<std::size_t> symptoms;  // by place: a rule stands within several frames
  std::size_t winner = fires.front();
  while (true) {
    const auto cause = std::find_if(fires.begin(), fires.end(), [&](std::size_t other) {
      return !symptoms.contains(rules[other].place) && related(relations.wraps, rules[winner], rules[other]) &&
             !related(relations.wraps, rules[other], rules[winner]);
    });
    if (cause == fires.end()) return winner;
    symptoms.insert(rules[winner].place);
    winner = *cause;
  }
}

// What the rule follows from: the first in order of those that it names, earlier in its log, however it is proven.
const FirstMatches::value_type* outlived_cause(std::span<const RunnableRule> rules, const Relations& relations,
                                               const FirstMatches::value_type& winner, const FirstMatches& outlived) {
  const std::vector<std::size_t>& named = relations.follows[rules[winner.first].place];
  const auto found = std::find_if(outlived.begin(), outlived.end(), [&](const auto& earlier) {
    return earlier.second.log == winner.second.log && earlier.second.evidence.offset < winner.second.evidence.offset &&
           std::binary_search(named.begin(), named.end(), rules[earlier.first].place);
  });
  return found == outlived.end() ? nullptr : &*found;
}

}  // namespace

Relations resolve_relations(const std::vector<Rule>& rules) {
  Names names(rules);
  Relations relations;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    relations.unless.push_back(resolve(rules[i], i, rules[i].unless, "unless", names));
    relations.beside.push_back(resolve(rules[i], i, rules[i].beside, "beside", names));
    relations.wraps.push_back(resolve(rules[i], i, rules[i].wraps, "wraps", names));
    relations.follows.push_back(resolve(rules[i], i, rules[i].follows, "follows", names));
  }
  return relations;
}

bool related(const std::vector<std::vector<std::size_t>>& relation, const RunnableRule& rule,
             const RunnableRule& other) {
  const std::vector<std::size_t>& named = relation[rule.place];
  return rule.heeds(other) && std::binary_search(named.begin(), named.end(), other.place);
}

bool lacks_company(const Relations& relations, std::span<const RunnableRule> rules, std::size_t rule,
                   const FirstMatches& matches) {
  return !relations.beside[rules[rule].place].empty() && !meets(relations.beside, rules, rule, matches);
}

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

Classification finalize(std::span<const RunnableRule> rules, const Relations& relations, const FirstMatches& matches,
                        const FirstMatches& outlived) {
  std::vector<std::size_t> fires;
  std::set<std::string_view> names;
  std::vector<std::size_t> firing;  // in order, one per name
  for (const auto& [rule, match] : matches) {
    if (meets(relations.unless, rules, rule, matches) || lacks_company(relations, rules, rule, matches)) continue;
    fires.push_back(rule);
    if (names.insert(rules[rule].rule->name).second) firing.push_back(rule);
  }
  Classification verdict;
  if (firing.empty()) return verdict;
  const std::size_t winner = innermost(rules, relations, fires);
  const auto* const cause = outlived_cause(rules, relations, {winner, matches.at(winner)}, outlived);
  const std::size_t told = cause != nullptr ? cause->first : winner;
  const Rule& rule = *rules[told].rule;
  verdict.classified = true;
  verdict.rule = rule.name;
  verdict.category = rule.category;
  verdict.fault = rule.fault;
  verdict.restartable = rule.restartable;
  verdict.retry = rule.retry;
  verdict.summary = rule.summary;
  verdict.advice = rule.advice;
  verdict.evidence = cause != nullptr ? cause->second.evidence : matches.at(told).evidence;
  for (const std::size_t other : firing) {
    if (rules[other].rule != &rule)
      verdict.other_matches.push_back({rules[other].rule->name, matches.at(other).evidence});
  }
  return verdict;
}

}  // namespace jobmedic::classify
