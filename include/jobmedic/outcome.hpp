#pragma once
#include <string>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/changes.hpp"
#include "jobmedic/loop.hpp"
#include "jobmedic/stored_patch.hpp"

/// How a try ended, and what that teaches about the patches it ran with: what closes the loop.
namespace jobmedic {

struct OutcomeOptions {
  LoopPolicy loop{};     ///< keep_successful_days, retire_failed; unless its mode is "act" no patch is touched
  bool correct = false;  ///< replaces a contradicting outcome; `author.reason` must then say why
  Author author{};       ///< for the audit trail; by: empty: "jobmedic outcome"
};

/// What became of one patch. `learnt` may also be "raised": right-sizing gives the next run more (the engine's only).
struct Lesson {
  StoredPatch patch;   ///< as it is now; jobmedic made it for a job: a person's is never touched
  std::string learnt;  ///< "kept"; "retired": disabled; "restored": its retirement was withdrawn; "left" as it was
  std::string reason;
};

/// The document jobmedic.outcome/1.
struct RecordedOutcome {
  Attempt attempt;                ///< as the history keeps it now
  std::string what = "recorded";  ///< "recorded", "known" (the same outcome was there) or "corrected"
  std::vector<Lesson> lessons;    ///< one for each patch that the try ran with; "raised" may be of a new one
  [[nodiscard]] std::string to_json() const;
};

}  // namespace jobmedic
