#include <fmt/format.h>

#include "jobmedic/error.hpp"
#include "jobmedic/store.hpp"
#include "store/sql/store.hpp"
#include "store/sqlite/database.hpp"

namespace jobmedic {

std::unique_ptr<Store> Store::open(std::string_view url, const StoreOptions& options) {
  const std::size_t colon = url.find(':');
  if (url.substr(0, colon) != "sqlite" || colon == std::string_view::npos) {
    throw Error(Status::invalid_argument, fmt::format("store \"{}\": unknown kind; use sqlite:PATH", url));
  }
  const std::string_view path = url.substr(colon + 1);
  if (path.empty() || path.find('\0') != std::string_view::npos) {
    throw Error(Status::invalid_argument, fmt::format("store \"{}\": no path; use sqlite:PATH", url));
  }
  return sql::make_store(sqlite::open_database(url, path, options), options.secrets);
}

}  // namespace jobmedic
