#pragma once
#include <vector>

#include "jobmedic/store.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// Store::keep_telling within a transaction.
void write_telling(Connection& connection, const Attempt& attempt, const std::vector<TellingLine>& lines);

/// Store::each_unclassified: the rows after row `after`, at most `limit` of them looked at; moves `after` on, and sets
/// it to -1 at the end.
std::vector<UnclassifiedFailure> read_unclassified(Connection& connection, std::int64_t& after, std::int64_t limit);

}  // namespace jobmedic::sql
