#include "jobmedic/error.hpp"

#include <utility>

#include "core/text.hpp"

namespace jobmedic {

std::string_view status_name(Status status) noexcept {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::invalid_argument:
      return "invalid_argument";
    case Status::parse:
      return "parse";
    case Status::schema:
      return "schema";
    case Status::rules:
      return "rules";
    case Status::model:
      return "model";
    case Status::store:
      return "store";
    case Status::patch:
      return "patch";
    case Status::io:
      return "io";
    case Status::forked:
      return "forked";
    case Status::out_of_memory:
      return "out_of_memory";
    case Status::internal:
      return "internal";
    case Status::cancelled:
      return "cancelled";
  }
  return "unknown";
}

// Messages quote user input: one line and valid UTF-8 is what callers log and what crosses the C ABI.
Error::Error(Status status, const std::string& message, std::string detail)
    : std::runtime_error(one_line(message)), status_(status), detail_(std::move(detail)) {}

Error Error::within(std::string_view where) const {
  return {status_, std::string(where) + ": " + what(), detail_};
}

}  // namespace jobmedic
