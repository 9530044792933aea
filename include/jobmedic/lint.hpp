#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

/// What is wrong with rules, found before they meet a log: the document jobmedic.lint/1.
namespace jobmedic {

struct LintFinding {
  enum class Severity : std::uint8_t { warning, error };
  Severity severity = Severity::error;
  std::string file;
  std::size_t number = 0;  ///< the rule's place in its file, from 1; 0: the finding is about the file
  std::string rule;        ///< its name; may be empty where the rule cannot be read
  std::string check;       ///< "document", "relation", "example", "order", "regex", "cost", "log" or "words"
  std::string problem;     ///< one line, in the user's words

  /// `FILE: rule 3 "NAME": PROBLEM`
  [[nodiscard]] std::string line() const;
};

struct LintReport {
  std::size_t rules = 0;              ///< how many were looked at, unusable ones included
  std::vector<LintFinding> findings;  ///< in the order of the rules
  [[nodiscard]] std::size_t errors() const;
  [[nodiscard]] std::string to_json() const;
};

/// Looks at the rules in these files and folders, tried in this order before the shipped pack, and says how they stand
/// with it; without any path at the pack itself. A bad rule is a finding, and the others are looked at all the same:
/// - document: malformed JSON, a wrong type, an unknown category or frame, a name taken, a regex PCRE2 refuses
/// - relation: "unless", "beside", "wraps" or "follows" names no rule
/// - example: a line in "matches" that is not matched, one in "ignores" that is
/// - order: an earlier rule has the same regex or wins every example; it takes examples of the pack from other verdicts
/// - regex: it may match without any text, or matches ordinary lines
/// - cost: hostile lines made from the regex make it backtrack without end; the scanner cannot filter for it
/// - log: a glob that matches no log's name
/// - words: no summary, no advice, no source, no examples
/// Deterministic: work is counted in PCRE2's callouts and limits, never timed. Throws Error: io.
LintReport lint_rules(std::span<const std::filesystem::path> paths = {});

}  // namespace jobmedic
