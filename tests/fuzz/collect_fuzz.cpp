// Archives and event logs: whatever the bytes and wherever they are cut, a source gives the same log, bounded memory,
// and at worst a report. The first byte chooses how the rest is treated.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "collect/byte_stream.hpp"
#include "collect/decompress.hpp"
#include "collect/event_log.hpp"
#include "collect/newest_bytes.hpp"
#include "collect/rotation.hpp"
#include "jobmedic/collect.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;
using namespace jobmedic::collect;

namespace {

// A source that gives as many bytes at a time as it likes.
class Dribble : public ByteStream {
 public:
  Dribble(std::string_view bytes, std::size_t most) : rest_(bytes), most_(most) {}
  std::size_t read(std::span<char> room) override {
    const std::size_t count = rest_.copy(room.data(), std::min(room.size(), most_));
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t most_;
};

// A bomb of the fuzzer's is cut here; that a bomb ends is the unit tests' business.
constexpr std::size_t enough = std::size_t{4} << 20U;

std::string decompress(std::unique_ptr<ByteStream> source, std::size_t room) {
  std::string bytes;
  std::string buffer(room, '\0');
  try {
    const auto stream = decompressed(std::move(source));
    while (const std::size_t count = stream->read(buffer)) {
      if (count > room) std::abort();
      bytes.append(buffer, 0, count);
      if (bytes.size() > enough) break;
    }
  } catch (const Error&) {  // said so
  }
  return bytes;
}

void archive(std::string_view bytes, std::size_t step) {
  const std::string whole = decompress(open_memory(bytes), std::size_t{64} << 10U);
  if (whole.size() > enough) return;
  const std::string pieces = decompress(std::make_unique<Dribble>(bytes, 1 + step % 61), 1 + step % 4099);
  // Where a stream is corrupt, the last bytes before the error may depend on how it was read; never their values.
  const std::size_t common = std::min(whole.size(), pieces.size());
  if (whole.compare(0, common, pieces, 0, common) != 0) std::abort();
}

void event_log(std::string_view bytes, std::size_t step) {
  EventLog whole;
  whole.feed(bytes);
  whole.end();
  EventLog pieces;
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::string_view piece = rest.substr(0, 1 + step++ % 97);
    pieces.feed(piece);
    rest.remove_prefix(piece.size());
  }
  pieces.end();
  if (whole.failure_log() != pieces.failure_log() || whole.problem() != pieces.problem() ||
      whole.facts().metrics != pieces.facts().metrics || whole.notes() != pieces.notes()) {
    std::abort();
  }
}

void head_and_tail(std::string_view bytes, std::size_t limit) {
  std::size_t passed = 0;
  HeadAndTail filter(
      limit, [&](std::string_view piece) { passed += piece.size(); }, [] {});
  for (std::string_view rest = bytes; !rest.empty(); rest.remove_prefix(std::min<std::size_t>(7, rest.size()))) {
    filter.feed(rest.substr(0, 7));
  }
  filter.end();
  if (limit > 0 && passed > limit) std::abort();
  if (passed + filter.left_out() != bytes.size()) std::abort();
}

void document(std::string_view bytes) {
  try {
    static_cast<void>(Collector::parse(bytes));
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      archive(bytes, size);
      break;
    case 1:
      event_log(bytes, size);
      break;
    case 2:
      head_and_tail(bytes, size % 13);
      break;
    case 3:
      document(bytes);
      break;
    default:
      static_cast<void>(parse_part_name(bytes));
  }
  return 0;
}
