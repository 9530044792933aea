#include "store/sqlite/connection.hpp"

#include <sqlite3.h>

#include "store/sql/query.hpp"
#include "store/sqlite/failure.hpp"

namespace jobmedic::sqlite {
namespace {

// trusted_schema and cell_size_check: the file may come from anywhere. 8 MiB of pages keep the indexes of a large
// store.
constexpr const char* settings =
    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
    "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;";

constexpr sql::Dialect sqlite_dialect{.last_patch_number =
                                          "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'patches'"};

int flags(const Location& location, Access access) {
  // One thread uses a connection at a time: the pool sees to it.
  const int shared = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (access == Access::immutable) return shared | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  if (access == Access::read) return shared | SQLITE_OPEN_READONLY;
  return shared | SQLITE_OPEN_READWRITE | (location.options.create ? SQLITE_OPEN_CREATE : 0);
}

}  // namespace

void CloseDatabase::operator()(sqlite3* db) const noexcept {
  sqlite3_close(db);
}

Connection::Connection(const Location& location, Access access)
    : sql::Connection(sqlite_dialect), location_(location), access_(access) {
  const std::string name = access == Access::immutable ? location.immutable_uri() : location.path.string();
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &db, flags(location, access), nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(db, static_cast<int>(location.options.busy_timeout.count()));
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  run(settings);
}

sql::Statement& Connection::statement(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  sqlite3_stmt* compiled = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &compiled, nullptr);
  if (code != SQLITE_OK) fail(code);
  return statements_.try_emplace(sql, *this, compiled).first->second;
}

int Connection::try_run(const std::string& sql) noexcept {
  return sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
}

void Connection::run(const std::string& sql) {
  const int code = try_run(sql);
  if (code != SQLITE_OK) fail(code);
}

bool Connection::writable() const {
  return sqlite3_db_readonly(db_.get(), "main") == 0;
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(db_.get());
}

void Connection::fail(int code) {
  sqlite::fail(location_, db_.get(), code);
}

void Connection::close_inherited() noexcept {
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  statements_.clear();
  db_.reset();
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
  sql::Query(connection, kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN").run();
}

void Transaction::commit() {
  sql::Query(connection_, "COMMIT").run();
  open_ = false;
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    sql::Query(connection_, "ROLLBACK").run();
  } catch (...) {  // SQLite rolled back by itself, as it does on a full disk
  }
}

}  // namespace jobmedic::sqlite
