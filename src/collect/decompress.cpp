#define ZLIB_CONST  // zlib takes its input as const bytes
#include "collect/decompress.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::collect {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t head_size = 16;
constexpr std::size_t input_size = std::size_t{128} << 10U;

struct Magic {
  std::string_view bytes;
  const char* name;
  Compression compression;
};
constexpr std::array known{Magic{"\x1f\x8b"sv, "gzip", Compression::gzip},
                           Magic{"\x28\xb5\x2f\xfd"sv, "zstd", Compression::zstd},
                           Magic{"\xfd\x37zXZ\0"sv, "xz", Compression::unsupported},
                           Magic{"BZh"sv, "bzip2", Compression::unsupported},
                           Magic{"\x04\x22\x4d\x18"sv, "lz4", Compression::unsupported},
                           Magic{"LZ4Block"sv, "lz4", Compression::unsupported},
                           Magic{"\x82SNAPPY\0"sv, "snappy", Compression::unsupported},
                           Magic{"\xff\x06\0\0sNaPpY"sv, "snappy", Compression::unsupported},
                           Magic{"PK\x03\x04"sv, "zip", Compression::unsupported}};

const Magic* magic_of(std::string_view head) {
  const auto* found =
      std::find_if(known.begin(), known.end(), [&](const Magic& magic) { return head.starts_with(magic.bytes); });
  if (found == known.end()) return nullptr;
  if (found->bytes == "BZh" && head.substr(std::min<std::size_t>(head.size(), 4), 6) != "1AY&SY") return nullptr;
  return found;
}

bool skippable_zstd_frame(std::string_view head) {
  return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0U) == 0x50 &&
         head.substr(1, 3) == "\x2a\x4d\x18"sv;
}

// A stream whose first bytes were looked at, which may have been all before it failed.
class Again : public ByteStream {
 public:
  Again(std::string head, std::optional<Error> failure, std::unique_ptr<ByteStream> rest)
      : head_(std::move(head)), failure_(std::move(failure)), rest_(std::move(rest)) {}
  std::size_t read(std::span<char> room) override {
    if (given_ == head_.size() && failure_) throw Error(*failure_);
    if (given_ == head_.size()) return rest_->read(room);
    const std::size_t count = head_.copy(room.data(), room.size(), given_);
    given_ += count;
    return count;
  }

 private:
  std::string head_;
  std::size_t given_ = 0;
  std::optional<Error> failure_;
  std::unique_ptr<ByteStream> rest_;
};

// What both formats share: input in pieces, the guard against bombs, and damage that is told after the last good byte.
class Decoder : public ByteStream {
 public:
  Decoder(const char* format, std::unique_ptr<ByteStream> source) : format_(format), source_(std::move(source)) {}

  std::size_t read(std::span<char> room) override {
    while (!ended_) {
      if (damage_) throw Error(*damage_);
      if (input_.empty() && !source_ended_) fill();
      const std::size_t count = decode(room);
      output_bytes_ += count;
      if (output_bytes_ > std::max(free_bytes, expansion * input_bytes_)) {
        damage(fmt::format("expands more than {}-fold, like a compression bomb; the rest is not read", expansion));
      }
      if (count > 0) return count;
    }
    return 0;
  }

 protected:
  /// Takes from input_, gives bytes; may call damage() or end().
  virtual std::size_t decode(std::span<char> room) = 0;
  void damage(std::string_view problem) {
    if (damage_) return;
    damage_ =
        Error(Status::io, fmt::format("the {} stream {} (after {})", format_, problem, human_bytes(output_bytes_)));
  }
  void end() { ended_ = true; }
  [[nodiscard]] bool no_more_input() const { return input_.empty() && source_ended_; }

  std::string_view input_;

 private:
  void fill() {
    const std::size_t count = source_->read(buffer_);
    input_ = {buffer_.data(), count};
    input_bytes_ += count;
    source_ended_ = count == 0;
  }

  const char* format_;
  std::unique_ptr<ByteStream> source_;
  std::vector<char> buffer_ = std::vector<char>(input_size);
  std::uint64_t input_bytes_ = 0;
  std::uint64_t output_bytes_ = 0;
  bool source_ended_ = false;
  bool ended_ = false;
  std::optional<Error> damage_;
};

class Gzip : public Decoder {
 public:
  explicit Gzip(std::unique_ptr<ByteStream> source) : Decoder("gzip", std::move(source)) {
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (::inflateInit2(&state_, gzip_only) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() override { ::inflateEnd(&state_); }

 private:
  std::size_t decode(std::span<char> room) override {
    if (between_members_ && !next_member()) return 0;
    if (no_more_input()) {
      damage("is truncated");
      return 0;
    }
    state_.next_in = reinterpret_cast<const Bytef*>(input_.data());
    state_.avail_in = static_cast<uInt>(input_.size());
    state_.next_out = reinterpret_cast<Bytef*>(room.data());
    state_.avail_out = static_cast<uInt>(std::min(room.size(), std::size_t{1} << 30U));
    const uInt room_before = state_.avail_out;
    const int code = ::inflate(&state_, Z_NO_FLUSH);
    input_.remove_prefix(input_.size() - state_.avail_in);
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    if (code == Z_STREAM_END) {
      between_members_ = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      damage("is corrupt");
    }
    return room_before - state_.avail_out;
  }

  // Another member follows, or zeros that fill a tape's block, or nothing.
  bool next_member() {
    while (!input_.empty() && input_.front() == '\0') input_.remove_prefix(1);
    if (no_more_input()) end();
    if (input_.empty()) return false;
    if (input_.front() != '\x1f') {
      damage("is followed by bytes that are no gzip");
      return false;
    }
    ::inflateReset(&state_);
    between_members_ = false;
    return true;
  }

  z_stream state_{};
  bool between_members_ = false;
};

class Zstd : public Decoder {
 public:
  explicit Zstd(std::unique_ptr<ByteStream> source) : Decoder("zstd", std::move(source)), state_(::ZSTD_createDCtx()) {
    if (!state_) throw std::bad_alloc();
  }

 private:
  std::size_t decode(std::span<char> room) override {
    if (!in_frame_ && !begin_frame()) return 0;
    // Once more without input: what the last call had no room for may still be inside.
    ZSTD_inBuffer in{input_.data(), input_.size(), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    const std::size_t code = ::ZSTD_decompressStream(state_.get(), &out, &in);
    const bool stuck = in.pos == 0 && out.pos == 0 && no_more_input();
    input_.remove_prefix(in.pos);
    if (::ZSTD_isError(code) != 0U) {
      damage(fmt::format("is corrupt ({})", ::ZSTD_getErrorName(code)));
    } else if (stuck) {
      damage("is truncated");
    }
    in_frame_ = code != 0;
    return out.pos;
  }

  // Only frames that say they are zstd's: libzstd reads formats of before 1.0, too, and damaged ones as it likes.
  bool begin_frame() {
    const std::string_view more = input_.substr(0, magic_size - magic_.size());
    magic_ += more;
    input_.remove_prefix(more.size());
    if (magic_.size() < magic_size) {
      if (no_more_input() && magic_.empty()) end();
      if (no_more_input() && !magic_.empty()) damage("is truncated");
      return false;
    }
    if (compression_of(magic_) != Compression::zstd) {
      damage("is followed by bytes that are no zstd");
      return false;
    }
    ZSTD_inBuffer in{magic_.data(), magic_.size(), 0};
    ZSTD_outBuffer nothing{nullptr, 0, 0};
    in_frame_ = ::ZSTD_isError(::ZSTD_decompressStream(state_.get(), &nothing, &in)) == 0U && in.pos == in.size;
    if (!in_frame_) damage("is corrupt");
    magic_.clear();
    return in_frame_;
  }

  struct Free {
    void operator()(ZSTD_DCtx* state) const { ::ZSTD_freeDCtx(state); }
  };
  static constexpr std::size_t magic_size = 4;
  std::unique_ptr<ZSTD_DCtx, Free> state_;
  bool in_frame_ = false;
  std::string magic_;  // the next frame's, as far as it has come
};

}  // namespace

Compression compression_of(std::string_view head) {
  if (skippable_zstd_frame(head)) return Compression::zstd;
  const Magic* magic = magic_of(head);
  return magic == nullptr ? Compression::none : magic->compression;
}

std::unique_ptr<ByteStream> decompressed(std::unique_ptr<ByteStream> source) {
  std::string head(head_size, '\0');
  std::size_t size = 0;
  std::optional<Error> failure;
  try {
    while (size < head_size) {
      const std::size_t count = source->read({head.data() + size, head_size - size});
      if (count == 0) break;
      size += count;
    }
  } catch (const Error& error) {
    if (size == 0) throw;
    failure = error;
  }
  head.resize(size);
  const Compression compression = compression_of(head);
  if (compression == Compression::unsupported) {
    throw Error(Status::io,
                fmt::format("is {}-compressed, which is not read here: decompress it first", magic_of(head)->name));
  }
  auto whole = std::make_unique<Again>(std::move(head), std::move(failure), std::move(source));
  if (compression == Compression::gzip) return std::make_unique<Gzip>(std::move(whole));
  if (compression == Compression::zstd) return std::make_unique<Zstd>(std::move(whole));
  return whole;
}

}  // namespace jobmedic::collect
