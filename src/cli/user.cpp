#include "cli/user.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>

namespace jobmedic::cli {

std::string current_user() {
  passwd entry = {};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  const uid_t user = geteuid();
  if (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return entry.pw_name;
  return fmt::format("user {}", user);
}

}  // namespace jobmedic::cli
