#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "jobmedic/store.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// Saves or replaces, and adds it to the trail as `action` where that changed anything. Returns it with the id and
/// creation time it got.
StoredPatch write_patch(Connection& connection, StoredPatch patch, const Author& author, std::string_view action);
void remove_patch(Connection& connection, std::string_view id, const Author& author, std::string_view action);
std::optional<StoredPatch> read_patch(Connection& connection, std::string_view id);
/// By its row.
StoredPatch read_patch(Connection& connection, std::int64_t number);
std::vector<StoredPatch> read_patches(Connection& connection);
/// At most `limit` of those whose row comes after `after`, which moves on.
std::vector<StoredPatch> read_patch_page(Connection& connection, std::int64_t& after, std::int64_t limit);
/// For a schema from before patches had their job in a column.
void fill_jobs(Connection& connection);

}  // namespace jobmedic::sql
