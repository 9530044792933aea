#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "classify/compiled_rules.hpp"
#include "jobmedic/lint.hpp"

namespace jobmedic::classify {

/// The rules that can be used, ready to scan, and what was found about them.
class Lint {
 public:
  using Severity = LintFinding::Severity;
  /// `judged`: the rules to be looked at, one flag per rule; the others are what they have to stand with.
  Lint(const CompiledRules& rules, std::vector<bool> judged) : rules_(rules), judged_(std::move(judged)) {}

  [[nodiscard]] const CompiledRules& compiled() const { return rules_; }
  /// As they were written, not as they run (frames.hpp).
  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_.set().rules(); }
  [[nodiscard]] bool judged(std::size_t rule) const { return judged_[rule]; }

  void report(std::size_t rule, Severity severity, std::string_view check, std::string problem);
  [[nodiscard]] std::vector<LintFinding>& findings() { return findings_; }

 private:
  const CompiledRules& rules_;
  std::vector<bool> judged_;
  std::vector<LintFinding> findings_;
};

/// Examples that fail, rules that cannot win, rules that take the examples of others.
void lint_order(Lint& lint);
/// Regexes that match too much or cost too much.
void lint_regexes(Lint& lint);
/// What a person misses, and globs that match no log.
void lint_words(Lint& lint);

/// Text from outside as part of a one-line message: in quotes, without control characters, at most 80 bytes.
std::string in_quotes(std::string_view text);

}  // namespace jobmedic::classify
