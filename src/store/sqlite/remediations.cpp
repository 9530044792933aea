#include "store/sqlite/remediations.hpp"

#include <fmt/format.h>

#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "store/sqlite/failure.hpp"
#include "store/sqlite/query.hpp"

namespace jobmedic::sqlite {

namespace {

// A row may have been written by anyone.
void check_document(Connection& connection, std::string_view where, const std::string& document) {
  try {
    static_cast<void>(json::parse(document));
  } catch (const Error& error) {
    fail(connection.location(), fmt::format("remediations row {}: {}", where, error.what()));
  }
}

}  // namespace

std::optional<std::string> read_remediation(Connection& connection, std::string_view job, std::string_view run,
                                            std::int64_t attempt) {
  Query row(connection, "SELECT document FROM remediations WHERE job = ? AND run = ? AND attempt = ?", job, run,
            attempt);
  if (!row.step()) return std::nullopt;
  std::string document = row.text(0);
  check_document(connection, fmt::format("\"{}\", run \"{}\", attempt {}", job, run, attempt), document);
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

void write_remediation(Connection& connection, std::string_view job, std::string_view run, std::int64_t attempt,
                       std::string_view document) {
  Query(connection, "INSERT INTO remediations(job, run, attempt, document) VALUES(?, ?, ?, ?)", job, run, attempt,
        document)
      .run();
}

}  // namespace jobmedic::sqlite
