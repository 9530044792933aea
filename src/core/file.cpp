#include "core/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

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

}  // namespace

void read_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& visit) {
  const Descriptor file = open_to_read(path);
  std::vector<char> buffer(std::size_t{1} << 20U);
  while (true) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) return;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, errno);
    visit({buffer.data(), static_cast<std::size_t>(count)});
  }
}

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
  std::string text;
  read_pieces(path, [&](std::string_view piece) {
    if (piece.size() > limit - text.size()) fail(path, EFBIG);
    text += piece;
  });
  return text;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
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
  if (::fsync(fd) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) give_up();
}

}  // namespace jobmedic
