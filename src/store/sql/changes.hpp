#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/changes.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// Adds one to the trail, at this moment; `before` and `after` as documents, none where there was none.
void write_change(Connection& connection, const Author& author, std::string_view action, std::string_view patch,
                  const std::optional<std::string>& before, const std::optional<std::string>& after);
/// Store::changes.
std::vector<Change> read_changes(Connection& connection, std::size_t limit, std::string_view patch);
/// Store::roll_back within a transaction.
std::vector<Change> roll_back(Connection& connection, std::int64_t number, const Author& author);

}  // namespace jobmedic::sql
