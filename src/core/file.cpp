#include "core/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int code) {
  const json::Value detail = json::object({{"path", path.string()}, {"errno", code}});
  throw Error(Status::io, fmt::format("{}: {}", path.string(), std::generic_category().message(code)),
              json::write(detail));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  /// As far as the file system tells: 0 for a pipe.
  [[nodiscard]] std::size_t size() const {
    struct stat status {};
    return ::fstat(fd_, &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
  }

 private:
  int fd_;
};

Descriptor open_to_read(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(path, errno);
  struct stat status {};
  if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(fd);
    fail(path, EISDIR);
  }
  return Descriptor(fd);
}

constexpr std::size_t least_read = 4096;

// At least one byte; 0: the file ends.
std::size_t read_some(const Descriptor& file, const std::filesystem::path& path, char* to, std::size_t size) {
  while (true) {
    const ssize_t count = ::read(file.get(), to, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) fail(path, errno);
  }
}

}  // namespace

void read_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& visit) {
  const Descriptor file = open_to_read(path);
  const std::size_t size = std::clamp(file.size() + 1, least_read, std::size_t{1} << 20U);
  const auto buffer = std::make_unique_for_overwrite<char[]>(size);
  while (const std::size_t count = read_some(file, path, buffer.get(), size)) visit({buffer.get(), count});
}

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
  const Descriptor file = open_to_read(path);
  // One byte more than the file should hold, so that the second read finds its end.
  std::string text(std::clamp(file.size() + 1, least_read, std::size_t{64} << 20U), '\0');
  std::size_t filled = 0;
  while (const std::size_t count = read_some(file, path, text.data() + filled, text.size() - filled)) {
    filled += count;
    if (filled > limit) fail(path, EFBIG);
    if (filled == text.size()) text.resize(2 * filled);
  }
  text.resize(filled);
  return text;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
  std::string temporary = path.string() + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) fail(path, errno);
  const Descriptor file(fd);
  const auto give_up = [&] {
    const int code = errno;
    ::unlink(temporary.c_str());
    fail(path, code);
  };
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) give_up();
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fchmod(fd, mode) != 0 || ::fsync(fd) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) give_up();
}

}  // namespace jobmedic
