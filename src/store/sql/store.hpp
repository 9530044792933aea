#pragma once
#include <memory>

#include "jobmedic/store.hpp"
#include "store/sql/database.hpp"

namespace jobmedic::sql {

/// The store in a database, whichever it is.
std::unique_ptr<Store> make_store(std::unique_ptr<Database> database, const SecretMask& secrets);

}  // namespace jobmedic::sql
