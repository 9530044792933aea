#pragma once
#include <cstdint>
#include <string>

#include "core/time.hpp"
#include "jobmedic/outcome.hpp"

/// What an outcome means, whatever the database.
namespace jobmedic {

/// Where the two outcomes cannot both be true: "succeeded: false, not true"; empty: nowhere.
std::string contradiction(const Attempt& recorded, const Attempt& given);
/// `given` with what only `recorded` knows.
Attempt completed(Attempt given, const Attempt& recorded);
/// Throws what record_outcome() does of an outcome that contradicts the recorded one, unless it may be corrected.
void refuse_contradiction(const std::string& problem, const Attempt& given, const OutcomeOptions& options);

/// What a try showed of the patches it ran with, as the store keeps it: "succeeded", "failed" or "neither", where the
/// failure's category says nothing about its configuration.
std::string shown_by(const Outcome& outcome);

/// Tries with one patch, as far as they showed anything.
struct Tries {
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
};

/// What is learnt of a patch from `attempt`, counted in `tries` already. `retired`: its last change was a retirement by
/// this loop, not a person's. `learnt` "left" or an equal patch: nothing is to be written.
Lesson judge(const StoredPatch& patch, const Attempt& attempt, const Tries& tries, bool retired, const LoopPolicy& loop,
             TimePoint now);

/// Who learnt it, and from what, for the audit trail.
Author author_of(const Lesson& lesson, const OutcomeOptions& options);
/// What the audit trail calls it: "keep", "retire" or "restore".
std::string action_of(const Lesson& lesson);

}  // namespace jobmedic
