#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/classify.hpp"
#include "jobmedic/rules.hpp"
#include "jobmedic/templates.hpp"

/// Candidate rules from failures that no rule knew. A person accepts them.
namespace jobmedic {

/// Which attempt a candidate would have classified.
struct AttemptName {
  std::string job;
  std::string run;
  std::int64_t attempt = 1;
};

struct Suggestion {
  Rule rule;                  ///< complete and checked; its examples are the lines it came from
  std::string text;           ///< the template
  bool needs_choice = false;  ///< nothing told the category: a person has to choose it; the rule says user_code
  std::string why;            ///< what the proposed category rests on
  double cost_usd = 0;        ///< of these failures together, as far as it is known
  std::vector<AttemptName> would_classify;

  /// As it stands in jobmedic.rules/1, without what only concerns the suggestion.
  [[nodiscard]] std::string rule_json() const;
};

struct SuggestOptions {
  std::size_t most = 20;
};

/// Compiled candidates are tried on what no rule may match, such as logs of runs that ended well; returns the names of
/// those that matched.
using InnocentMatches = std::function<std::vector<std::string>(const Classifier& candidates)>;

/// The most expensive first, then the most frequent. Each failure counts for one candidate: the template of its most
/// telling line that makes a valid rule. A candidate compiles, matches the lines it came from, and matches none of
/// `known`'s examples (they are other causes, or innocent) and nothing that `innocent` reports.
/// The same failures in the same order give the same suggestions.
std::vector<Suggestion> suggest_rules(const std::vector<UnclassifiedFailure>& failures, const RuleSet& known,
                                      const InnocentMatches& innocent = {}, const SuggestOptions& options = {});

/// jobmedic.rules/1 whose rules carry "suggestion": template, why, needs_choice, failures, cost_usd, would_classify (at
/// most 100).
std::string suggestions_to_json(const std::vector<Suggestion>& suggestions);
/// The reverse. Throws Error: parse, schema, rules.
std::vector<Suggestion> parse_suggestions(std::string_view json, std::string_view file = "suggestions");

}  // namespace jobmedic
