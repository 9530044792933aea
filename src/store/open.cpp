#include <fmt/format.h>

#include "jobmedic/error.hpp"
#include "jobmedic/store.hpp"
#include "store/postgresql/database.hpp"
#include "store/postgresql/url.hpp"
#include "store/sql/store.hpp"
#include "store/sqlite/database.hpp"

namespace jobmedic {
namespace {

std::unique_ptr<sql::Database> open_database(std::string_view url, const StoreOptions& options) {
  if (postgresql::is_url(url)) {
    postgresql::refuse_password(url);
    return postgresql::open_database(url, options);
  }
  const std::size_t colon = url.find(':');
  if (url.substr(0, colon) != "sqlite" || colon == std::string_view::npos) {
    // What stands before an '@' may be a password.
    const std::string shown = url.find('@') == std::string_view::npos ? std::string(url) : "...";
    throw Error(Status::invalid_argument,
                fmt::format("store \"{}\": unknown kind; use sqlite:PATH or postgresql://[USER@]HOST/DATABASE", shown));
  }
  const std::string_view path = url.substr(colon + 1);
  if (path.empty() || path.find('\0') != std::string_view::npos) {
    throw Error(Status::invalid_argument, fmt::format("store \"{}\": no path; use sqlite:PATH", url));
  }
  return sqlite::open_database(url, path, options);
}

}  // namespace

std::unique_ptr<Store> Store::open(std::string_view url, const StoreOptions& options) {
  return sql::make_store(open_database(url, options), options.secrets);
}

}  // namespace jobmedic
