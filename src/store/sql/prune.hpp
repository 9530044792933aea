#pragma once
#include <cstdint>

#include "core/time.hpp"
#include "jobmedic/store.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// How far Store::prune is.
struct Pruning {
  std::int64_t after = 0;  ///< this row
  std::size_t seen = 0;
  Pruned pruned;
};

/// The next attempts, at most `limit`, within a transaction. False: there are none.
bool prune_page(Connection& connection, TimePoint before, bool dry_run, std::int64_t limit, Pruning& pruning);

}  // namespace jobmedic::sql
