#pragma once
#include <memory>
#include <string_view>

#include "jobmedic/store.hpp"
#include "store/sql/database.hpp"

/// The store in the schema "jobmedic" of a PostgreSQL database. Only this folder sees libpq-fe.h.
///
/// Writers are SERIALIZABLE: many schedulers write at once and it is as if one after the other, as in SQLite, without a
/// lock to wait for; the one that cannot be fitted in is told (40001) and runs again. Readers are REPEATABLE READ: one
/// snapshot, never in anyone's way.
namespace jobmedic::postgresql {

/// Throws Error (invalid_argument): the URL is malformed, or this jobmedic was built without libpq.
std::unique_ptr<sql::Database> open_database(std::string_view url, const StoreOptions& options);

}  // namespace jobmedic::postgresql
