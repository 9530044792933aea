#include "store/sqlite/failure.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <new>
#include <string>
#include <system_error>

#include "json/value.hpp"
#include "store/sql/failure.hpp"

namespace jobmedic::sqlite {
namespace {

// What the system said, where it said anything; else what SQLite said.
std::string cause(sqlite3* db, int code) {
  const int system_code = db != nullptr ? sqlite3_system_errno(db) : 0;
  return system_code != 0 ? std::generic_category().message(system_code) : sqlite3_errstr(code);
}

// The class of a code. A disk that has no room for shared memory, or says so only when it is synced, is full, too,
// where SQLite sees an I/O error.
int class_of(sqlite3* db, int code) {
  const int result = code & 0xFF;
  if (db == nullptr || (result != SQLITE_IOERR && result != SQLITE_CANTOPEN)) return result;
  const int system_code = sqlite3_system_errno(db);
  return system_code == ENOSPC || system_code == EDQUOT ? SQLITE_FULL : result;
}

std::string problem(const Location& location, sqlite3* db, int code) {
  switch (class_of(db, code)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fmt::format("locked by another process for {}", sql::in_words(location.options.busy_timeout));
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "cannot be written: the file, its folder or its disk is read-only";
    case SQLITE_FULL:
      return "the disk is full: this change was not saved, everything before it was; free some space";
    case SQLITE_CORRUPT:
      return fmt::format(
          "is damaged ({}): keep the file, then restore a backup, or save what can be read with: sqlite3 {} .recover",
          sqlite3_errstr(code), location.path.string());
    case SQLITE_NOTADB:
      return "is not a SQLite database";
    case SQLITE_CANTOPEN:
      return fmt::format("cannot be opened: {}", cause(db, code));
    case SQLITE_IOERR:
      return fmt::format("cannot be read or written: {}", cause(db, code));
    case SQLITE_TOOBIG:
      return "the text or model is too large for one row (1 GB)";
    default:
      return db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  }
}

// As Store documents it.
std::string_view kind_of(int code_class) {
  switch (code_class) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "busy";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "read_only";
    case SQLITE_FULL:
      return "full";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "damaged";
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return "io";
    default:
      return "other";
  }
}

std::string detail(int code, int code_class) {
  return json::write(json::object({{"code", code}, {"kind", kind_of(code_class)}}));
}

}  // namespace

void fail(const Location& location, std::string_view problem, int code) {
  sql::fail(location.url, problem, detail(code, class_of(nullptr, code)));
}

void fail(const Location& location, sqlite3* db, int code) {
  if ((code & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc();
  sql::fail(location.url, problem(location, db, code), detail(code, class_of(db, code)));
}

}  // namespace jobmedic::sqlite
