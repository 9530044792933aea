#include "store/postgresql/failure.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>

#include "json/value.hpp"
#include "store/sql/failure.hpp"

namespace jobmedic::postgresql {
namespace {

using Kind = Failure::Kind;

struct Meaning {
  std::string_view sqlstate;  // the longest beginning that fits counts (PostgreSQL, appendix A)
  Kind kind;
  std::string_view word;   // for programs
  std::string_view words;  // {0}: how long was waited, {1}: what the server said
};

constexpr std::array meanings{
    Meaning{"08", Kind::lost, "connection", "the connection was lost: {1}"},
    // A key that another transaction has just taken: the next try finds it.
    Meaning{"23505", Kind::conflict, "busy", "others kept changing the same rows for {0}: try again"},
    Meaning{"25006", Kind::final, "read_only", "cannot be written: the server or this user's session is read-only"},
    Meaning{"40001", Kind::conflict, "busy", "others kept changing the same rows for {0}: try again"},
    Meaning{"40P01", Kind::conflict, "busy", "others kept changing the same rows for {0}: try again"},
    Meaning{"42501", Kind::final, "read_only", "this user lacks a right: {1}; ask the database's owner to GRANT it"},
    Meaning{"53100", Kind::final, "full",
            "the server's disk is full: this change was not saved, everything before it was; free some space"},
    Meaning{"53300", Kind::lost, "connection", "the server has no connection left: {1}"},
    Meaning{"54000", Kind::final, "other",
            "a job, run, id or set of labels is too long for an index (about 2,600 bytes): {1}"},
    Meaning{"55P03", Kind::final, "busy", "locked by another process for {0}"},
    Meaning{"57014", Kind::final, "busy", "the server was too slow: {1}"},
    Meaning{"57P", Kind::lost, "connection", "the connection was lost: {1}"},
};

// libpq writes several lines.
std::string folded(const char* text) {
  std::string line;
  for (const char* c = text; c != nullptr && *c != '\0'; ++c) {
    const bool blank = *c == '\n' || *c == '\t' || *c == ' ';
    if (!blank) line += *c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace

Failure::Failure(Kind kind, const Location& location, std::string_view problem, std::string_view word,
                 std::string_view sqlstate)
    : Error(Status::store, fmt::format("store {}: {}", location.url, problem),
            json::write(json::object({{"code", sqlstate}, {"kind", word}}))),
      kind_(kind) {}

void fail(const Location& location, const pg_result* result) {
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view sqlstate = field == nullptr ? "" : field;
  // Not its detail, which may show values.
  const std::string said = folded(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
  const std::string waited = sql::in_words(location.options.busy_timeout);
  for (const Meaning& meaning : meanings) {
    if (!sqlstate.starts_with(meaning.sqlstate)) continue;
    throw Failure(meaning.kind, location, fmt::format(fmt::runtime(meaning.words), waited, said), meaning.word,
                  sqlstate);
  }
  // Without a code it is libpq that speaks.
  if (sqlstate.empty()) throw Failure(Kind::lost, location, folded(PQresultErrorMessage(result)));
  throw Failure(Kind::final, location, said, "other", sqlstate);
}

void fail_lost(const Location& location, pg_conn* connection) {
  std::string words = folded(PQerrorMessage(connection));
  if (words.empty()) words = "the connection was lost";
  if (PQconnectionNeedsPassword(connection) == 1) {
    words += "; give it in PGPASSWORD or a password file (PGPASSFILE, ~/.pgpass)";
  }
  throw Failure(Kind::lost, location, words);
}

}  // namespace jobmedic::postgresql
