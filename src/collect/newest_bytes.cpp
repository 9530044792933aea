#include "collect/newest_bytes.hpp"

#include <algorithm>
#include <optional>

#include "collect/byte_stream.hpp"
#include "collect/decompress.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::collect {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t longest_tail = std::uint64_t{8} << 20U;

// Decompressed, as far as it can be read.
std::uint64_t size_by_reading(const fs::path& path, const std::function<void()>& check) {
  std::uint64_t size = 0;
  std::vector<char> buffer(std::size_t{256} << 10U);
  try {
    const auto stream = decompressed(open_file(path));
    while (const std::size_t count = stream->read(buffer)) {
      size += count;
      check();
    }
  } catch (const Error&) {  // told when it is read for good
  }
  return size;
}

bool is_compressed(const fs::path& path) {
  std::string head(16, '\0');
  try {
    head.resize(open_file(path)->read(head));
  } catch (const Error&) {
    return false;
  }
  return compression_of(head) != Compression::none;
}

}  // namespace

Newest newest_of(const std::vector<fs::path>& parts, std::uint64_t limit, const std::function<void()>& check) {
  Newest newest;
  std::uint64_t room = limit;
  std::size_t first = parts.size();
  while (first > 0 && room > 0) {
    const fs::path& part = parts[--first];
    std::error_code code;
    if (!fs::is_regular_file(part, code)) continue;
    const std::uint64_t size = is_compressed(part) ? size_by_reading(part, check) : fs::file_size(part, code);
    if (code) continue;
    if (size > room) newest.skip = size - room;
    room -= std::min(room, size);
  }
  newest.left_out = newest.skip;
  newest.parts.assign(parts.begin() + static_cast<std::ptrdiff_t>(first), parts.end());
  for (std::size_t i = 0; i < first; ++i) {
    std::error_code code;
    const std::uint64_t size = fs::file_size(parts[i], code);
    if (!code) newest.left_out += size;
  }
  return newest;
}

HeadAndTail::HeadAndTail(std::uint64_t limit, Pass pass, std::function<void()> gap)
    : pass_(std::move(pass)),
      gap_(std::move(gap)),
      limited_(limit > 0),
      tail_limit_(std::min(limit - limit / 2, longest_tail)),
      head_room_(limit - tail_limit_) {}

void HeadAndTail::feed(std::string_view piece) {
  if (!limited_) return pass_(piece);
  const std::string_view head = piece.substr(0, head_room_);
  head_room_ -= head.size();
  piece.remove_prefix(head.size());
  if (!head.empty()) pass_(head);
  tail_ += piece;
  if (tail_.size() <= 2 * tail_limit_) return;
  left_out_ += tail_.size() - tail_limit_;
  tail_.erase(0, tail_.size() - tail_limit_);
}

void HeadAndTail::end() {
  if (tail_.size() > tail_limit_) {
    left_out_ += tail_.size() - tail_limit_;
    tail_.erase(0, tail_.size() - tail_limit_);
  }
  if (left_out_ > 0) {
    const std::size_t begin = first_whole_line(tail_);
    left_out_ += begin;
    tail_.erase(0, begin);
    gap_();
  }
  if (!tail_.empty()) pass_(tail_);
  tail_ = {};
}

std::size_t first_whole_line(std::string_view text) {
  constexpr std::size_t far = std::size_t{64} << 10U;
  const std::size_t end = text.substr(0, far).find('\n');
  return end == std::string_view::npos ? 0 : end + 1;
}

}  // namespace jobmedic::collect
