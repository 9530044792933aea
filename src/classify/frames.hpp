#pragma once
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/rules.hpp"

// "within": a rule's regex counts only inside the stack that a frame begins. What the engine runs is one plain regex
// per alternative of the frame: the frame, a walk down the lines of the stack, \K, the rule's own regex. So the match
// is the telling phrase, and only its literals are looked for.
//
// What a program tells of an exception that it caught looks the same as what it dies of. But it goes on: a line of the
// frame "went_on" shows that, and no match counts within a frame that begins in an earlier row of that log.
//
// Where the exit code is 0, no match counts unless a line of the frame "reported_failure" stands against it.
namespace jobmedic::classify {

using Frames = std::map<std::string, FrameList, std::less<>>;

/// Those of the shipped pack (rules/frames.json), known to every document.
const Frames& shipped_frames();

/// A rule as the engine runs it: by itself, or within one alternative of its frame. Borrows from the rules it is made
/// of.
struct RunnableRule {
  const Rule* rule;
  std::size_t place;                 ///< of the rule in its set
  std::string_view log;              ///< glob: the narrower of the rule's and the alternative's
  std::optional<std::size_t> frame;  ///< which of RunnableRules::frames a match begins with
  bool weaker = false;               ///< made from a weaker alternative

  /// One made from a weaker alternative is too weak to silence, or to be the cause of, one that is not; unless that one
  /// knows itself for a mere symptom of any other ("wraps": ["*"]).
  [[nodiscard]] bool heeds(const RunnableRule& other) const {
    return weaker || !other.weaker || std::ranges::find(rule->wraps, "*") != rule->wraps.end();
  }
};

/// A frame that is looked for by itself, in logs of such names.
struct Sign {
  std::string_view log;  ///< glob
  std::size_t frame;     ///< which of RunnableRules::frames
};
/// The shipped frames of those names.
struct Signs {
  std::vector<Sign> went_on;           ///< the job lives or ended well
  std::vector<Sign> ended_well;        ///< the same, where it is among a log's last words
  std::vector<Sign> reported_failure;  ///< a tool's last word on its job, which stands against an exit code of 0 ...
  std::vector<Sign> reported_success;  ///< ... unless this is the last word of that log, or of another one
};

/// What the engine runs for the rules of a set, in the order of priority. The shipped pack counts as one document, and
/// so does each file.
struct RunnableRules {
  std::vector<RunnableRule> rules;
  std::vector<std::string_view> frames;    ///< their regexes
  std::vector<std::string_view> excepted;  ///< by frame: Frame::except
  Signs signs;                             ///< none where no rule stands within a frame

  /// The whole regex, which is composed only where it is needed: few rules ever come to run.
  [[nodiscard]] std::string regex(std::size_t rule) const;
};
RunnableRules runnable(const std::vector<Rule>& rules);

/// `regex` within a frame, in no line of its stack that begins with `except`; `regex` itself where the frame is empty.
std::string framed_regex(std::string_view frame, std::string_view except, std::string_view regex,
                         std::string_view flags);
/// Whether no stack goes on with the line that begins here: it is empty, or a log line of its own. `text` is all that
/// follows; false where that is too little to tell.
bool begins_anew(std::string_view text);
/// Whether a regex without flags could match a line break, told from its text: rather once too often.
bool may_span_lines(std::string_view regex);

}  // namespace jobmedic::classify
