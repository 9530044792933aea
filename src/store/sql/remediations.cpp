#include "store/sql/remediations.hpp"

#include <fmt/format.h>

#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "store/sql/attempts.hpp"
#include "store/sql/failure.hpp"
#include "store/sql/query.hpp"

namespace jobmedic::sql {

namespace {

// A row may have been written by anyone.
void check_document(Connection& connection, std::string_view where, const std::string& document) {
  try {
    static_cast<void>(json::parse(document));
  } catch (const Error& error) {
    fail(connection.url(), fmt::format("remediations row {}: {}", where, error.what()));
  }
}

bool grants_retry(std::string_view document) {
  const json::Value value = json::parse(document);
  const json::Value* retry = value.find("retry");
  const json::Value* restart = retry != nullptr ? retry->find("restart") : nullptr;
  return restart != nullptr && *restart == json::Value(true);
}

}  // namespace

std::optional<std::string> read_remediation(Connection& connection, std::string_view job, std::string_view run,
                                            std::int64_t attempt) {
  Query row(connection, "SELECT document FROM remediations WHERE job = ? AND run = ? AND attempt = ?", job, run,
            attempt);
  if (!row.step()) return std::nullopt;
  std::string document = row.text(0);
  check_document(connection, fmt::format(R"("{}", run "{}", attempt {})", job, run, attempt), document);
  return document;
}

std::vector<std::string> read_remediations(Connection& connection, std::int64_t& after, std::int64_t limit) {
  std::vector<std::string> page;
  Query rows(connection, "SELECT rowid, document FROM remediations WHERE rowid > ? ORDER BY rowid LIMIT ?", after,
             limit);
  while (rows.step()) {
    after = rows.integer(0);
    page.push_back(rows.text(1));
    check_document(connection, fmt::format("{}", after), page.back());
  }
  return page;
}

int count_patched_failures(Connection& connection, const Attempt& attempt) {
  constexpr std::size_t looked_at = 100;
  int failures = 0;
  for (const Attempt& earlier : read_recent_attempts(connection, attempt.job, looked_at)) {
    const bool same = earlier.run == attempt.run && earlier.attempt == attempt.attempt;
    if (same || !earlier.outcome) continue;
    if (earlier.outcome->succeeded) break;
    Query use(connection, "SELECT 1 FROM uses WHERE job = ? AND run = ? AND attempt = ? LIMIT 1", earlier.job,
              earlier.run, earlier.attempt);
    if (use.step()) ++failures;
  }
  return failures;
}

int count_retries(Connection& connection, std::string_view job, TimePoint since) {
  Query row(connection, "SELECT count(*) FROM remediations WHERE job = ? AND restart = 1 AND at_ms >= ?", job,
            std::int64_t{since.time_since_epoch().count()});
  return row.step() ? static_cast<int>(row.integer(0)) : 0;
}

void write_remediation(Connection& connection, std::string_view job, std::string_view run, std::int64_t attempt,
                       std::string_view document) {
  Query(connection, "INSERT INTO remediations(job, run, attempt, document, at_ms, restart) VALUES(?, ?, ?, ?, ?, ?)",
        job, run, attempt, document, std::int64_t{now().time_since_epoch().count()},
        std::int64_t{grants_retry(document)})
      .run();
}

}  // namespace jobmedic::sql
