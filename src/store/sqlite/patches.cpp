#include "store/sqlite/patches.hpp"

#include <fmt/format.h>

#include <limits>

#include "jobmedic/error.hpp"
#include "store/candidates.hpp"
#include "store/scope.hpp"
#include "store/sqlite/failure.hpp"
#include "store/sqlite/query.hpp"

namespace jobmedic::sqlite {
namespace {

std::int64_t expiry(const StoredPatch& patch) {
  const auto time = parse_time(patch.expires_at);
  return time ? time->time_since_epoch().count() : std::numeric_limits<std::int64_t>::max();
}

// Columns 0 to 2: id, uses_left, document. A document that cannot be read comes back as its damage, with nothing to
// apply: one bad row must not take the others away from a job.
StoredPatch parse_row(const Query& row) {
  const std::string id = row.text(0);
  StoredPatch patch;
  try {
    patch = StoredPatch::parse(row.text(2));
  } catch (const Error& error) {
    patch.damage = error.what();
  }
  patch.id = id;
  if (!row.null(1)) patch.uses_left = row.integer(1);
  return patch;
}

std::string next_id(Connection& connection) {
  for (std::int64_t number =
           connection.integer("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'patches'");
       ;) {
    std::string id = fmt::format("p-{:08}", ++number);
    if (!Query(connection, "SELECT 1 FROM patches WHERE id = ?", id).step()) return id;
  }
}

std::vector<ScopeKind> kinds(Connection& connection) {
  std::vector<ScopeKind> result;
  Query rows(connection, "SELECT kind FROM scope_kinds");
  while (rows.step()) {
    try {
      result.push_back(parse_kind(rows.text(0)));
    } catch (const Error& error) {
      fail(connection.location(), fmt::format("scope_kinds row \"{}\": {}", rows.text(0), error.what()));
    }
  }
  return result;
}

// A time written in whole seconds may lie up to a second before the patch it came after.
bool existed_at(const StoredPatch& patch, TimePoint time) {
  const auto created = parse_time(patch.created_at);
  return !created || std::chrono::floor<std::chrono::seconds>(*created) <= time;
}

}  // namespace

StoredPatch write_patch(Connection& connection, StoredPatch patch) {
  if (patch.id.empty()) patch.id = next_id(connection);
  if (patch.created_at.empty()) patch.created_at = format_time(now());
  patch = StoredPatch::parse(patch.to_json());  // refuses here what could not be read back
  Query(connection,
        "INSERT INTO patches(id, scope_key, expires_ms, uses_left, document) VALUES(?, ?, ?, ?, ?) "
        "ON CONFLICT(id) DO UPDATE SET scope_key = excluded.scope_key, expires_ms = excluded.expires_ms, "
        "uses_left = excluded.uses_left, document = excluded.document",
        patch.id, key_of(patch.scope), expiry(patch), patch.uses_left, patch.to_json())
      .run();
  Query(connection, "INSERT OR IGNORE INTO scope_kinds(kind) VALUES(?)", write_kind(kind_of(patch.scope))).run();
  return patch;
}

std::optional<StoredPatch> read_patch(Connection& connection, std::string_view id) {
  Query row(connection, "SELECT id, uses_left, document FROM patches WHERE id = ?", id);
  if (!row.step()) return std::nullopt;
  return parse_row(row);
}

std::vector<StoredPatch> read_patches(Connection& connection) {
  std::vector<StoredPatch> patches;
  Query rows(connection, "SELECT id, uses_left, document FROM patches ORDER BY number");
  while (rows.step()) patches.push_back(parse_row(rows));
  return patches;
}

std::vector<StoredPatch> read_candidates(Connection& connection, const Attempt& attempt, TimePoint now) {
  std::vector<StoredPatch> candidates;
  for (const ScopeKind& kind : kinds(connection)) {
    const auto key = key_of(kind, attempt);
    if (!key) continue;
    Query rows(connection,
               "SELECT id, uses_left, document FROM patches "
               "WHERE scope_key = ? AND expires_ms > ? AND (uses_left IS NULL OR uses_left > 0)",
               *key, std::int64_t{now.time_since_epoch().count()});
    while (rows.step()) {
      StoredPatch patch = parse_row(rows);
      if (!patch.damage.empty() || patch.scope.matches(attempt)) candidates.push_back(std::move(patch));
    }
  }
  sort_candidates(candidates);
  return candidates;
}

void count_uses(Connection& connection, const Attempt& attempt) {
  const auto started = parse_time(attempt.started_at);
  std::vector<StoredPatch> candidates = read_candidates(connection, attempt, started.value_or(now()));
  std::erase_if(candidates, [&](const StoredPatch& patch) {
    return !patch.damage.empty() || (started && !existed_at(patch, *started));
  });
  for (const StoredPatch& patch : standing(std::move(candidates))) {
    Query use(connection, "INSERT OR IGNORE INTO uses(patch, job, run, attempt) VALUES(?, ?, ?, ?)", patch.id,
              attempt.job, attempt.run, attempt.attempt);
    use.run();
    if (connection.changes() == 0) continue;
    Query(connection, "UPDATE patches SET uses_left = uses_left - 1 WHERE id = ? AND uses_left > 0", patch.id).run();
  }
}

}  // namespace jobmedic::sqlite
