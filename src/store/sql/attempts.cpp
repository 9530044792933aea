#include "store/sql/attempts.hpp"

#include <fmt/format.h>

#include "jobmedic/error.hpp"
#include "store/sql/candidates.hpp"
#include "store/sql/failure.hpp"
#include "store/sql/query.hpp"

namespace jobmedic::sql {
namespace {

// A row may have been written by anyone: what is wrong with it is told with its number.
Attempt parse_row(Connection& connection, std::int64_t id, const std::string& document) {
  try {
    return Attempt::parse(document);
  } catch (const Error& error) {
    fail(connection.url(), fmt::format("attempts row {}: {}", id, error.what()));
  }
}

}  // namespace

bool write_attempt(Connection& connection, const Attempt& attempt) {
  const std::string document = attempt.to_json();
  bool ended_before = false;
  {
    Query old(connection, "SELECT document, ended FROM attempts WHERE job = ? AND run = ? AND attempt = ?", attempt.job,
              attempt.run, attempt.attempt);
    if (old.step()) {
      if (old.text(0) == document) return false;
      ended_before = old.integer(1) != 0;
    }
  }
  if (attempt.outcome && !ended_before) count_uses(connection, attempt);
  Query(connection,
        "INSERT INTO attempts(job, run, attempt, recorded, started_at, ended, document) "
        "VALUES(?, ?, ?, 1 + coalesce((SELECT max(recorded) FROM attempts WHERE job = ?), 0), ?, ?, ?) "
        "ON CONFLICT(job, run, attempt) DO UPDATE SET recorded = excluded.recorded, "
        "started_at = excluded.started_at, document = excluded.document, "
        "ended = CASE WHEN attempts.ended = 1 THEN 1 ELSE excluded.ended END",
        attempt.job, attempt.run, attempt.attempt, attempt.job, attempt.started_at,
        std::int64_t{attempt.outcome.has_value()}, document)
      .run();
  return true;
}

bool has_ended(Connection& connection, const Attempt& attempt) {
  Query row(connection, "SELECT ended FROM attempts WHERE job = ? AND run = ? AND attempt = ?", attempt.job,
            attempt.run, attempt.attempt);
  return row.step() && row.integer(0) != 0;
}

std::optional<Attempt> read_attempt(Connection& connection, std::string_view job, std::string_view run,
                                    std::int64_t attempt) {
  Query row(connection, "SELECT id, document FROM attempts WHERE job = ? AND run = ? AND attempt = ?", job, run,
            attempt);
  if (!row.step()) return std::nullopt;
  return parse_row(connection, row.integer(0), row.text(1));
}

std::vector<Attempt> read_recent_attempts(Connection& connection, std::string_view job, std::size_t limit) {
  std::vector<Attempt> attempts;
  Query rows(connection, "SELECT id, document FROM attempts WHERE job = ? ORDER BY recorded DESC LIMIT ?", job,
             static_cast<std::int64_t>(limit));
  while (rows.step()) attempts.push_back(parse_row(connection, rows.integer(0), rows.text(1)));
  return attempts;
}

std::optional<Attempt> read_last_attempt(Connection& connection, std::string_view job) {
  std::vector<Attempt> last = read_recent_attempts(connection, job, 1);
  return last.empty() ? std::nullopt : std::optional(std::move(last.front()));
}

std::vector<Attempt> read_job_page(Connection& connection, JobPlace& after, std::int64_t limit) {
  std::vector<Attempt> page;
  Query rows(
      connection,
      "SELECT id, document, job, recorded FROM attempts WHERE (job, recorded) > (?, ?) ORDER BY job, recorded LIMIT ?",
      after.job, after.recorded, limit);
  while (rows.step()) {
    page.push_back(parse_row(connection, rows.integer(0), rows.text(1)));
    after = {rows.text(2), rows.integer(3)};
  }
  return page;
}

std::vector<Attempt> read_page(Connection& connection, std::int64_t& after, std::int64_t limit) {
  std::vector<Attempt> page;
  Query rows(connection, "SELECT id, document FROM attempts WHERE id > ? ORDER BY id LIMIT ?", after, limit);
  while (rows.step()) {
    page.push_back(parse_row(connection, rows.integer(0), rows.text(1)));
    after = rows.integer(0);
  }
  return page;
}

}  // namespace jobmedic::sql
