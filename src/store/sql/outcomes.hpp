#pragma once
#include "jobmedic/store.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// Store::record_outcome within a transaction; `attempt` is masked, the author named where a person is.
RecordedOutcome write_outcome(Connection& connection, const Attempt& attempt, const OutcomeOptions& options);
/// The failure that a remediation tells of: recorded, or what it adds to the one on record. Without `options` the
/// patches are not judged.
void write_failure(Connection& connection, const Attempt& attempt, const OutcomeOptions* options);
/// Judges the patches that a recorded attempt ran with.
std::vector<Lesson> learn(Connection& connection, const Attempt& attempt, const OutcomeOptions& options);
/// Store::patches_used.
std::vector<StoredPatch> read_used(Connection& connection, const Attempt& attempt);

}  // namespace jobmedic::sql
