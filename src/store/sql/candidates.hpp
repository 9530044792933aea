#pragma once
#include <vector>

#include "core/time.hpp"
#include "jobmedic/store.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// Store::with_candidates: one look-up in an index per kind of scope, and no patch is read. Lives as long as the
/// transaction.
Candidates find_candidates(Connection& connection, const Attempt& attempt, TimePoint now);
/// Store::patches_matching.
std::vector<StoredPatch> read_matching(Connection& connection, const Attempt& attempt);
/// The patches that applied to the attempt have one use less; nothing where they were counted for it before.
void count_uses(Connection& connection, const Attempt& attempt);

}  // namespace jobmedic::sql
