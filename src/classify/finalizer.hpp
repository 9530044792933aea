#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "classify/frames.hpp"
#include "jobmedic/classify.hpp"

// Which rule wins: the earliest in order that has a match surviving every check; within it the first log as given, then
// the smallest offset. A rule with "unless" does not fire where one of those rules matched anywhere, itself silenced or
// not, and one with "beside" only where one did, so neither relation has an order of its own. A rule that "wraps"
// others fires beside them, but as their symptom: it wins only where none of them fires. Where rules wrap each other so
// that none is left, order decides again. A winner that "follows" others yields to one of them that it outlived: found
// earlier in its log, above a line that shows that the job went on.
namespace jobmedic::classify {

/// The first match of one rule: that of the first log, there the one that begins first.
struct FirstMatch {
  std::size_t log = 0;
  Evidence evidence;
};
using FirstMatches = std::map<std::size_t, FirstMatch>;  // by rule as it runs; most have none

/// Whether the rule's "when" holds; a rule with conditions never fires without an attempt.
bool condition_holds(const RuleCondition& when, const Attempt* attempt);

/// Its scheduler says so: then no log of it is a failure's.
inline bool has_succeeded(const Attempt* attempt) {
  return attempt != nullptr && attempt->outcome && attempt->outcome->succeeded;
}

/// What the exit code alone says of an attempt. `failure`: proofs count, too, that would not do in a log of such a
/// name. `success`: only what a tool itself reports proves that the job failed nevertheless.
enum class ExitStatus : std::uint8_t { unknown, success, failure };
inline ExitStatus exit_status(const Attempt* attempt) {
  if (attempt == nullptr || !attempt->outcome || attempt->outcome->succeeded || !attempt->outcome->exit_code) {
    return ExitStatus::unknown;
  }
  return *attempt->outcome->exit_code == 0 ? ExitStatus::success : ExitStatus::failure;
}

/// For each rule of a set the places, ascending, of the rules that its relations name.
struct Relations {
  std::vector<std::vector<std::size_t>> unless;
  std::vector<std::vector<std::size_t>> beside;
  std::vector<std::vector<std::size_t>> wraps;
  std::vector<std::vector<std::size_t>> follows;
};
/// "!NAME" leaves out what the others mean. Throws Error (rules) where a name is no rule's; a glob has to fit one.
Relations resolve_relations(const std::vector<Rule>& rules);

/// Whether `rule` heeds `other` and the lists of `relation` join their rules.
bool related(const std::vector<std::vector<std::size_t>>& relation, const RunnableRule& rule,
             const RunnableRule& other);

/// Whether none of those that the rule has to stand beside matched.
bool lacks_company(const Relations& relations, std::span<const RunnableRule> rules, std::size_t rule,
                   const FirstMatches& matches);

/// `rules` may hold several of one name; the first of them that fires stands for all. `outlived`: what the job went on
/// after.
Classification finalize(std::span<const RunnableRule> rules, const Relations& relations, const FirstMatches& matches,
                        const FirstMatches& outlived = {});

}  // namespace jobmedic::classify
