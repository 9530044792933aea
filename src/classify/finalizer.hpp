#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "jobmedic/classify.hpp"

// Which rule wins: the earliest in order that has a match surviving every check; within it the first log as given, then
// the smallest offset. A rule with "unless" does not fire where one of those rules matched anywhere, itself silenced or
// not, so the relation has no order of its own.
namespace jobmedic::classify {

/// The first match of one rule: that of the first log, there the one that begins first.
struct FirstMatch {
  std::size_t log = 0;
  Evidence evidence;
};
using FirstMatches = std::vector<std::optional<FirstMatch>>;  // one per rule

/// Whether the rule's "when" holds; a rule with conditions never fires without an attempt.
bool condition_holds(const RuleCondition& when, const Attempt* attempt);

/// `unless`: for each rule the indices of the rules that silence it.
Classification finalize(std::span<const Rule> rules, std::span<const std::vector<std::size_t>> unless,
                        const FirstMatches& matches);

}  // namespace jobmedic::classify
