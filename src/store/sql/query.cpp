#include "store/sql/query.hpp"

namespace jobmedic::sql {

std::int64_t Connection::integer(std::string_view sql) {
  Query query(*this, sql);
  return query.step() ? query.integer(0) : 0;
}

}  // namespace jobmedic::sql
