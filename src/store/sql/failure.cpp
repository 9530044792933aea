#include "store/sql/failure.hpp"

#include <fmt/format.h>

#include "jobmedic/error.hpp"

namespace jobmedic::sql {

void fail(std::string_view url, std::string_view problem, std::string_view detail) {
  throw Error(Status::store, fmt::format("store {}: {}", url, problem), std::string(detail));
}

std::string in_words(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? fmt::format("{} s", time.count() / 1000) : fmt::format("{} ms", time.count());
}

}  // namespace jobmedic::sql
