#include "store/postgresql/location.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>

#include "jobmedic/error.hpp"

namespace jobmedic::postgresql {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

// libpq's own words would repeat parts of the URL, which may be a password written wrongly.
void refuse_malformed(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(PQconninfoParse(url.c_str(), nullptr));
  if (parsed && url.find('\0') == std::string::npos) return;
  throw Error(Status::invalid_argument,
              "store: the URL is malformed: write postgresql://[USER@]HOST[:PORT]/DATABASE, or for a Unix socket "
              "postgresql:///DATABASE?host=/FOLDER; what is special in an URL as %XX");
}

}  // namespace

Location::Location(std::string_view given_url, const StoreOptions& given_options)
    : url(given_url),
      options(given_options),
      seconds_(std::to_string(std::max<std::int64_t>(2, given_options.busy_timeout.count() / 1000))) {
  refuse_malformed(url);
}

Location::Parameters Location::parameters() const {
  // A host that vanished is noticed within a minute, not within hours.
  return {{"fallback_application_name", "client_encoding", "connect_timeout", "keepalives_idle", "tcp_user_timeout",
           "dbname", nullptr},
          {"jobmedic", "UTF8", seconds_.c_str(), "30", "60000", url.c_str(), nullptr}};
}

}  // namespace jobmedic::postgresql
