// In place of all else in this folder where jobmedic is built without libpq.
#include <fmt/format.h>

#include "jobmedic/error.hpp"
#include "store/postgresql/database.hpp"

namespace jobmedic::postgresql {

std::unique_ptr<sql::Database> open_database(std::string_view url, const StoreOptions&) {
  throw Error(Status::invalid_argument,
              fmt::format("store {}: this jobmedic was built without PostgreSQL: install libpq (Debian: libpq-dev), "
                          "then configure with -DJOBMEDIC_POSTGRESQL=ON and build again",
                          url));
}

}  // namespace jobmedic::postgresql
