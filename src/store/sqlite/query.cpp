#include "store/sqlite/query.hpp"

#include <sqlite3.h>

namespace jobmedic::sqlite {

Query::~Query() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) connection_.fail(code);
  return code == SQLITE_ROW;
}

void Query::run() {
  while (step()) continue;
}

bool Query::null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Query::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

void Query::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, index, value));
}

void Query::bind(int index, std::string_view value) {
  // A null pointer would bind NULL, and an empty view may carry one.
  const char* text = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_text64(statement_, index, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Query::bind(int index, const std::optional<std::int64_t>& value) {
  value ? bind(index, *value) : check(sqlite3_bind_null(statement_, index));
}

void Query::bind(int index, const std::optional<std::string>& value) {
  value ? bind(index, *value) : check(sqlite3_bind_null(statement_, index));
}

void Query::bind(int index, Blob value) {
  check(sqlite3_bind_blob64(statement_, index, value.bytes.data(), value.bytes.size(), SQLITE_STATIC));
}

void Query::check(int code) {
  if (code != SQLITE_OK) connection_.fail(code);
}

}  // namespace jobmedic::sqlite
