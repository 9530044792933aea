#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace jobmedic::collect {

/// Bytes that are pulled, so that a reader sets the pace and memory stays constant.
class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;
  /// At most `room.size()` bytes, which is not 0; 0: the end. Throws Error (io); all that came before was good.
  virtual std::size_t read(std::span<char> room) = 0;
};

/// A file or pipe from byte `offset` on. Throws Error (io), also from read().
std::unique_ptr<ByteStream> open_file(const std::filesystem::path& path, std::uint64_t offset = 0);

/// Bytes in memory, borrowed.
std::unique_ptr<ByteStream> open_memory(std::string_view bytes);

}  // namespace jobmedic::collect
