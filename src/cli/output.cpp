#include "cli/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>

#include "jobmedic/error.hpp"
#include "jobmedic/secrets.hpp"

namespace jobmedic::cli {
namespace {

// 0, or the error number.
int write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

}  // namespace

void secure_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    // The lowest free number is this one. The wrong direction, so that using it fails as it would have.
    static_cast<void>(::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
}

void print(std::string_view text) {
  const int code = write_all(STDOUT_FILENO, text);
  if (code != 0) throw Error(Status::io, "standard output: " + std::generic_category().message(code));
}

void print_error(std::string_view message) noexcept {
  try {
    static_cast<void>(write_all(STDERR_FILENO, "jobmedic: " + mask_secrets(message) + "\n"));
  } catch (const std::bad_alloc&) {
    static_cast<void>(write_all(STDERR_FILENO, "jobmedic: out of memory\n"));
  }
}

bool output_is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}
bool error_is_terminal() {
  return ::isatty(STDERR_FILENO) == 1;
}

}  // namespace jobmedic::cli
