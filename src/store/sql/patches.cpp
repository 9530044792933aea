#include "store/sql/patches.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "store/candidates.hpp"
#include "store/scope.hpp"
#include "store/sql/changes.hpp"
#include "store/sql/query.hpp"

namespace jobmedic::sql {
namespace {

std::int64_t milliseconds(const std::string& time, std::int64_t without) {
  const auto parsed = parse_time(time);
  return parsed ? parsed->time_since_epoch().count() : without;
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
  for (std::int64_t number = connection.integer(connection.dialect().last_patch_number);;) {
    std::string id = fmt::format("p-{:08}", ++number);
    if (!Query(connection, "SELECT 1 FROM patches WHERE id = ?", id).step()) return id;
  }
}

// As the trail keeps it: a damaged one as the bytes it is.
std::optional<std::string> saved_document(Connection& connection, std::string_view id) {
  Query row(connection, "SELECT id, uses_left, document FROM patches WHERE id = ?", id);
  if (!row.step()) return std::nullopt;
  const StoredPatch patch = parse_row(row);
  return patch.damage.empty() ? patch.to_json() : row.text(2);
}

}  // namespace

StoredPatch write_patch(Connection& connection, StoredPatch patch, const Author& author, std::string_view action) {
  if (patch.id.empty()) patch.id = next_id(connection);
  if (patch.created_at.empty()) patch.created_at = format_time(now());
  patch = StoredPatch::parse(patch.to_json());  // refuses here what could not be read back
  const auto before = saved_document(connection, patch.id);
  if (before == patch.to_json()) return patch;
  Query(connection,
        "INSERT INTO patches(id, job, scope_key, expires_ms, uses_left, document, activates_ms, disabled, priority, "
        "layer, created_ms) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
        "job = excluded.job, scope_key = excluded.scope_key, expires_ms = excluded.expires_ms, "
        "uses_left = excluded.uses_left, document = excluded.document, activates_ms = excluded.activates_ms, "
        "disabled = excluded.disabled, priority = excluded.priority, layer = excluded.layer, "
        "created_ms = excluded.created_ms",
        patch.id, patch.scope.job.value_or(""), key_of(patch.scope),
        milliseconds(patch.expires_at, std::numeric_limits<std::int64_t>::max()), patch.uses_left, patch.to_json(),
        milliseconds(patch.activates_at, 0), std::int64_t{patch.disabled}, patch.priority, std::int64_t{patch.layer},
        precedence_of(patch).created_ms)
      .run();
  Query(connection, "INSERT INTO scope_kinds(kind) VALUES(?) ON CONFLICT DO NOTHING", write_kind(kind_of(patch.scope)))
      .run();
  write_change(connection, author, action, patch.id, before, patch.to_json());
  return patch;
}

void remove_patch(Connection& connection, std::string_view id, const Author& author, std::string_view action) {
  const auto before = saved_document(connection, id);
  if (!before) return;
  Query(connection, "DELETE FROM patches WHERE id = ?", id).run();
  write_change(connection, author, action, id, before, std::nullopt);
}

std::optional<StoredPatch> read_patch(Connection& connection, std::string_view id) {
  Query row(connection, "SELECT id, uses_left, document FROM patches WHERE id = ?", id);
  if (!row.step()) return std::nullopt;
  return parse_row(row);
}

StoredPatch read_patch(Connection& connection, std::int64_t number) {
  Query row(connection, "SELECT id, uses_left, document FROM patches WHERE number = ?", number);
  row.step();
  return parse_row(row);
}

std::vector<StoredPatch> read_patches(Connection& connection) {
  std::vector<StoredPatch> patches;
  Query rows(connection, "SELECT id, uses_left, document FROM patches ORDER BY number");
  while (rows.step()) patches.push_back(parse_row(rows));
  return patches;
}

std::vector<StoredPatch> read_patch_page(Connection& connection, std::int64_t& after, std::int64_t limit) {
  std::vector<StoredPatch> page;
  Query rows(connection, "SELECT id, uses_left, document, number FROM patches WHERE number > ? ORDER BY number LIMIT ?",
             after, limit);
  while (rows.step()) {
    page.push_back(parse_row(rows));
    after = rows.integer(3);
  }
  return page;
}

void fill_jobs(Connection& connection) {
  std::int64_t after = 0;
  for (auto page = read_patch_page(connection, after, 1000); !page.empty();
       page = read_patch_page(connection, after, 1000)) {
    for (const StoredPatch& patch : page) {
      if (patch.scope.job) {
        Query(connection, "UPDATE patches SET job = ? WHERE id = ?", *patch.scope.job, patch.id).run();
      }
    }
  }
}

}  // namespace jobmedic::sql
