#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "jobmedic/rules.hpp"
#include "jobmedic/store.hpp"
#include "jobmedic/suggest.hpp"

/// What history says about the verdicts of rules.
namespace jobmedic {

/// A retry counts where the next attempt of the run had an equal configuration: what the verdict promised then held or
/// did not.
struct RuleReview {
  std::string rule;
  bool restartable = false;  ///< what the rule says today
  std::uint64_t retries = 0;
  std::uint64_t succeeded = 0;  ///< of these retries
  double cost_usd = 0;          ///< of the retries that contradict the rule, as far as it is known
  bool contradicted = false;
  std::uint64_t gave_up = 0;          ///< attempts in which its regex backtracked too much and said nothing
  std::vector<AttemptName> examples;  ///< failed attempts whose retry contradicts the rule, at most 5
};

/// Rules whose verdict history contradicts, or whose regex gave up; those that cost most first, then by name.
/// Contradicted: said not restartable, yet 2 or more unchanged retries, and half of them or more, succeeded; or said
/// restartable, yet 3 or more unchanged retries failed, and 9 of 10 did. Rules that `rules` does not hold are left out.
std::vector<RuleReview> review_rules(const Store& store, const RuleSet& rules);

}  // namespace jobmedic
