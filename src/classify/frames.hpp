#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/rules.hpp"

// "within": a rule's regex counts only inside the stack that a frame begins. What the engine runs is one plain regex
// per alternative of the frame: the frame, a walk down the lines of the stack, \K, the rule's own regex. So the match
// is the telling phrase, and only its literals are looked for.
namespace jobmedic::classify {

using Frames = std::map<std::string, std::vector<Frame>, std::less<>>;

/// Those of the shipped pack (rules/frames.json), known to every document.
const Frames& shipped_frames();

/// What the engine runs for the rules of a set, in the order of priority. The shipped pack counts as one document, and
/// so does each file.
struct RunnableRules {
  std::vector<Rule> rules;                        ///< without frames; several may share a name
  std::vector<bool> weaker;                       ///< made from a weaker alternative
  std::vector<std::optional<std::size_t>> frame;  ///< which of `frames` a rule's match begins with
  std::vector<std::string> frames;                ///< their regexes
};
/// Whether the regex of a frame could match a line break, told from its text: rather once too often.
bool may_span_lines(std::string_view regex);

RunnableRules runnable(const std::vector<Rule>& rules);

}  // namespace jobmedic::classify
