#pragma once
#include <string_view>

#include "store/sqlite/location.hpp"

struct sqlite3;

namespace jobmedic::sqlite {

/// Throws what `code` means to a user: locked, read-only, damaged, full, ... `db` may be null.
[[noreturn]] void fail(const Location& location, sqlite3* db, int code);
[[noreturn]] void fail(const Location& location, std::string_view problem, int code = 0);

}  // namespace jobmedic::sqlite
