#include "collect/newest_bytes.hpp"

#include <catch2/catch.hpp>

#include "archives.hpp"

using namespace jobmedic::collect;

namespace {

std::string through(std::string_view text, std::uint64_t limit, std::size_t piece) {
  std::string out;
  HeadAndTail filter(
      limit, [&](std::string_view bytes) { out += bytes; }, [&] { out += "|"; });
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) filter.feed(text.substr(0, piece));
  filter.end();
  return out;
}

}  // namespace

TEST_CASE("of a pipe the first and the newest bytes are kept, the newest from a whole line on") {
  const std::string text = "line 1\nline 2\nline 3\nline 4\nline 5\nline 6\n";
  for (const std::size_t piece : {1U, 5U, 1000U}) {
    CHECK(through(text, 0, piece) == text);
    CHECK(through(text, text.size(), piece) == text);
    CHECK(through(text, 20, piece) == "line 1\nlin|line 6\n");
    CHECK(through(text, 1, piece).size() <= 2);
  }
}

TEST_CASE("a limit takes the newest parts, the oldest of them from within, and opens none before it") {
  const TemporaryFolder folder;
  const auto oldest = write(folder, "a.log.3", std::string(1000, 'a'));
  const auto older = write(folder, "a.log.2.gz", gzip_of(std::string(100, 'b')));
  const auto newest = write(folder, "a.log", std::string(50, 'c'));
  const auto of = [&](std::uint64_t limit) { return newest_of({oldest, older, newest}, limit, [] {}); };

  CHECK(of(10).parts == std::vector{newest});
  CHECK(of(10).skip == 40);
  CHECK(of(50).parts == std::vector{newest});
  CHECK(of(50).skip == 0);
  CHECK(of(60).parts == std::vector{older, newest});
  CHECK(of(60).skip == 90);  // of what is decompressed
  CHECK(of(60).left_out == 1090);
  CHECK(of(2000).parts.size() == 3);
  CHECK(of(2000).left_out == 0);
}
