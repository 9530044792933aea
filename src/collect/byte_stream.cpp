#include "collect/byte_stream.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic::collect {
namespace {

class File : public ByteStream {
 public:
  File(std::filesystem::path path, std::uint64_t offset)
      : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {
    if (descriptor_ < 0) fail(errno);
    struct stat status {};
    if (::fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) close_and_fail(EISDIR);
    if (offset > 0 && ::lseek(descriptor_, static_cast<off_t>(offset), SEEK_SET) < 0) close_and_fail(errno);
  }
  ~File() override { ::close(descriptor_); }

  std::size_t read(std::span<char> room) override {
    while (true) {
      const ssize_t count = ::read(descriptor_, room.data(), room.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) fail(errno);
    }
  }

 private:
  [[noreturn]] void fail(int code) const {
    throw Error(Status::io, fmt::format("{}: {}", path_.string(), std::generic_category().message(code)),
                json::write(json::object({{"path", path_.string()}, {"errno", code}})));
  }
  [[noreturn]] void close_and_fail(int code) const {  // a constructor that throws runs no destructor
    ::close(descriptor_);
    fail(code);
  }

  std::filesystem::path path_;
  int descriptor_;
};

class Memory : public ByteStream {
 public:
  explicit Memory(std::string_view bytes) : rest_(bytes) {}
  std::size_t read(std::span<char> room) override {
    const std::size_t count = rest_.copy(room.data(), room.size());
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::unique_ptr<ByteStream> open_file(const std::filesystem::path& path, std::uint64_t offset) {
  return std::make_unique<File>(path, offset);
}

std::unique_ptr<ByteStream> open_memory(std::string_view bytes) {
  return std::make_unique<Memory>(bytes);
}

}  // namespace jobmedic::collect
