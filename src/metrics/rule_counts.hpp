#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jobmedic/classify.hpp"
#include "metrics/histogram.hpp"

namespace jobmedic::metrics {

constexpr std::array<std::string_view, 3> decisions{"retry_with_patch", "retry_unchanged", "do_not_retry"};

/// What was answered where one rule explained the failure.
struct RuleCounts {
  std::string rule;
  std::string category;
  Counter classifications{0};
  std::array<Counter, decisions.size()> remediations{};  // by decision
};

/// One place for each loaded rule, one for "unclassified", one for "other": a verdict of somebody else's rule. So no
/// input makes a new series. The places are fixed when the rules are loaded; counting takes no lock.
class RuleTable {
 public:
  /// Rules that were counted `before` (may be null) go on from there.
  RuleTable(const RuleSet& rules, const RuleTable* before);

  [[nodiscard]] RuleCounts& of(const Classification& verdict) const;
  [[nodiscard]] const std::vector<std::shared_ptr<RuleCounts>>& all() const noexcept { return all_; }

 private:
  void add(const std::string& rule, const std::string& category, const RuleTable* before);

  std::vector<std::shared_ptr<RuleCounts>> all_;               // in the order of the rules
  std::unordered_map<std::string_view, std::size_t> by_rule_;  // where in all_
};

}  // namespace jobmedic::metrics
