#include "store/sqlite/remediations.hpp"

#include <fmt/format.h>

#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "store/sqlite/failure.hpp"
#include "store/sqlite/query.hpp"

namespace jobmedic::sqlite {

std::optional<std::string> read_remediation(Connection& connection, std::string_view job, std::string_view run,
                                            std::int64_t attempt) {
  Query row(connection, "SELECT document FROM remediations WHERE job = ? AND run = ? AND attempt = ?", job, run,
            attempt);
  if (!row.step()) return std::nullopt;
  std::string document = row.text(0);
  try {
    static_cast<void>(json::parse(document));
  } catch (const Error& error) {
    fail(connection.location(),
         fmt::format("remediations row \"{}\", run \"{}\", attempt {}: {}", job, run, attempt, error.what()));
  }
  return document;
}

void write_remediation(Connection& connection, std::string_view job, std::string_view run, std::int64_t attempt,
                       std::string_view document) {
  Query(connection, "INSERT INTO remediations(job, run, attempt, document) VALUES(?, ?, ?, ?)", job, run, attempt,
        document)
      .run();
}

}  // namespace jobmedic::sqlite
