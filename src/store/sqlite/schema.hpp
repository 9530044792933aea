#pragma once
#include "store/sqlite/connection.hpp"

namespace jobmedic::sqlite {

/// Makes or brings forward the tables, or refuses: another application's database, or one from a newer jobmedic.
/// A connection that cannot write accepts only a store that is as it should be.
void prepare(Connection& connection);
/// Is it from an older jobmedic?
bool outdated(Connection& connection);

}  // namespace jobmedic::sqlite
