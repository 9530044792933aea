#include "store/this_user.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>

#include "core/text.hpp"

namespace jobmedic {

std::string this_user() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host.front() = '\0';
  std::array<char, 4096> memory{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, memory.data(), memory.size(), &found);
  // A container's user often has no name.
  const std::string user = found != nullptr ? found->pw_name : fmt::format("uid-{}", ::geteuid());
  return valid_utf8(fmt::format("{}@{}", user, host.data()));
}

}  // namespace jobmedic
