#include "store/sql/changes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "store/sql/patches.hpp"
#include "store/sql/query.hpp"

namespace jobmedic::sql {
namespace {

constexpr std::int64_t most_rows = 1'000'000'000;

// A document that cannot be read, as one written by another's hand, is shown as the text it is.
std::string document(const Query& row, int column) {
  if (row.null(column)) return "";
  const std::string text = row.text(column);
  try {
    return json::write(json::parse(text));
  } catch (const Error&) {
    return json::write(valid_utf8(text));
  }
}

Change read_row(const Query& row) {
  Change change;
  change.number = row.integer(0);
  change.at = format_time(TimePoint(std::chrono::milliseconds(row.integer(1))));
  change.by = row.text(2);
  change.action = row.text(3);
  change.reason = row.text(4);
  change.patch = row.text(5);
  change.before = document(row, 6);
  change.after = document(row, 7);
  return change;
}

std::vector<Change> read_rows(Query rows) {
  std::vector<Change> changes;
  while (rows.step()) changes.push_back(read_row(rows));
  return changes;
}

std::int64_t last_number(Connection& connection) {
  return connection.integer("SELECT coalesce(max(number), 0) FROM patch_changes");
}

// What a patch was; none where there was none, or none that could have been read.
std::optional<StoredPatch> earlier_state(const std::string& id, const std::string& text) {
  try {
    StoredPatch patch = StoredPatch::parse(text);
    patch.id = id;
    return patch;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

void write_change(Connection& connection, const Author& author, std::string_view action, std::string_view patch,
                  const std::optional<std::string>& before, const std::optional<std::string>& after) {
  Query(connection,
        "INSERT INTO patch_changes(at_ms, who, action, why, patch, before, after) VALUES(?, ?, ?, ?, ?, ?, ?)",
        std::int64_t{now().time_since_epoch().count()}, author.by, action, author.reason, patch, before, after)
      .run();
}

std::vector<Change> read_changes(Connection& connection, std::size_t limit, std::string_view patch) {
  const auto rows_wanted = static_cast<std::int64_t>(std::min<std::size_t>(limit, most_rows));
  constexpr const char* all =
      "SELECT number, at_ms, who, action, why, patch, before, after FROM patch_changes ORDER BY number DESC LIMIT ?";
  constexpr const char* of_one =
      "SELECT number, at_ms, who, action, why, patch, before, after FROM patch_changes WHERE patch = ? "
      "ORDER BY number DESC LIMIT ?";
  return patch.empty() ? read_rows(Query(connection, all, rows_wanted))
                       : read_rows(Query(connection, of_one, patch, rows_wanted));
}

std::vector<Change> roll_back(Connection& connection, std::int64_t number, const Author& author) {
  const std::int64_t last = last_number(connection);
  if (number < 0 || number > last) {
    throw Error(Status::invalid_argument,
                fmt::format("store {} has no change {}: give a number from 0 to {}", connection.url(), number, last));
  }
  // What the first later change of each patch found is what the patch was after `number`.
  std::vector<std::pair<std::string, std::string>> states;
  {
    Query rows(connection,
               "SELECT patch, before FROM patch_changes WHERE number IN (SELECT min(number) FROM patch_changes "
               "WHERE number > ? AND patch <> '' GROUP BY patch) ORDER BY patch",
               number);
    while (rows.step()) states.emplace_back(rows.text(0), rows.text(1));
  }
  for (const auto& [id, text] : states) {
    if (const auto patch = earlier_state(id, text)) {
      write_patch(connection, *patch, author, "rollback");
    } else {
      remove_patch(connection, id, author, "rollback");
    }
  }
  return read_rows(Query(connection,
                         "SELECT number, at_ms, who, action, why, patch, before, after FROM patch_changes "
                         "WHERE number > ? ORDER BY number",
                         last));
}

}  // namespace jobmedic::sql
