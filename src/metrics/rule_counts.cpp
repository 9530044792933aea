#include "metrics/rule_counts.hpp"

namespace jobmedic::metrics {
namespace {

constexpr std::string_view unclassified = "unclassified";
constexpr std::string_view other = "other";

}  // namespace

RuleTable::RuleTable(const RuleSet& rules, const RuleTable* before) {
  for (const Rule& rule : rules.rules()) add(rule.name, rule.category, before);
  for (const std::string_view name : {unclassified, other}) {
    if (!by_rule_.contains(name)) add(std::string(name), std::string(name), before);
  }
}

void RuleTable::add(const std::string& rule, const std::string& category, const RuleTable* before) {
  std::shared_ptr<RuleCounts> counts;
  if (before != nullptr && before->by_rule_.contains(rule)) counts = before->all_[before->by_rule_.at(rule)];
  if (!counts || counts->category != category) {
    counts = std::make_shared<RuleCounts>();
    counts->rule = rule;
    counts->category = category;
  }
  by_rule_.emplace(counts->rule, all_.size());
  all_.push_back(std::move(counts));
}

RuleCounts& RuleTable::of(const Classification& verdict) const {
  const auto found = by_rule_.find(verdict.classified ? std::string_view(verdict.rule) : unclassified);
  return *all_[found != by_rule_.end() ? found->second : by_rule_.at(other)];
}

}  // namespace jobmedic::metrics
