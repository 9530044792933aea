#include "store/sqlite/location.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

namespace jobmedic::sqlite {

Location::Location(std::string_view given_url, std::string_view given_path, StoreOptions given_options)
    : url(given_url), path(std::filesystem::absolute(given_path)), options(std::move(given_options)) {}

std::filesystem::path Location::write_ahead_log() const {
  return path.string() + "-wal";
}

std::string Location::immutable_uri() const {
  std::string uri = "file:";
  for (const char c : path.string()) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", c);
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

Stamp stamp(const Location& location) {
  constexpr std::int64_t second = 1'000'000'000;
  Stamp result;
  struct stat status {};
  if (::stat(location.path.c_str(), &status) == 0) {
    result.device = status.st_dev;
    result.inode = status.st_ino;
    result.size = static_cast<std::uint64_t>(status.st_size);
    result.modified_ns = status.st_mtim.tv_sec * second + status.st_mtim.tv_nsec;
    result.changed_ns = status.st_ctim.tv_sec * second + status.st_ctim.tv_nsec;
  }
  result.write_ahead_log = ::stat(location.write_ahead_log().c_str(), &status) == 0 && status.st_size > 0;
  return result;
}

}  // namespace jobmedic::sqlite
