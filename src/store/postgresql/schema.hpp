#pragma once
#include "store/postgresql/connection.hpp"

namespace jobmedic::postgresql {

/// Makes or brings forward the tables, or refuses: a schema of another application, or one from a newer jobmedic.
/// Processes that do so at once wait for each other.
void prepare(Connection& connection, const Location& location, const Deadline& deadline);

}  // namespace jobmedic::postgresql
