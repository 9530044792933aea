#pragma once
#include <memory>
#include <string_view>

#include "jobmedic/store.hpp"
#include "store/sql/database.hpp"

/// The store in one SQLite file: WAL, synchronous FULL. Only this folder sees sqlite3.h.
namespace jobmedic::sqlite {

std::unique_ptr<sql::Database> open_database(std::string_view url, std::string_view path, const StoreOptions& options);

}  // namespace jobmedic::sqlite
