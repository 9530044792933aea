#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "jobmedic/store.hpp"
#include "store/sqlite/connection.hpp"

namespace jobmedic::sqlite {

/// Saves or replaces; returns it with the id and creation time it got.
StoredPatch write_patch(Connection& connection, StoredPatch patch);
std::optional<StoredPatch> read_patch(Connection& connection, std::string_view id);
std::vector<StoredPatch> read_patches(Connection& connection);
/// Store::patches_for.
std::vector<StoredPatch> read_candidates(Connection& connection, const Attempt& attempt, TimePoint now);
/// The patches that applied to the attempt have one use less; nothing where they were counted for it before.
void count_uses(Connection& connection, const Attempt& attempt);

}  // namespace jobmedic::sqlite
