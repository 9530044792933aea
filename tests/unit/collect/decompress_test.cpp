#include "collect/decompress.hpp"

#include <catch2/catch.hpp>

#include "archives.hpp"
#include "core/random.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;
using namespace jobmedic::collect;
using namespace std::string_literals;

namespace {

struct Read {
  std::string bytes;
  std::string error;
};

// A source that gives as many bytes as it likes.
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

Read read_all(std::unique_ptr<ByteStream> source, std::size_t room = 1000) {
  Read result;
  std::string buffer(room, '\0');
  try {
    const auto stream = decompressed(std::move(source));
    while (const std::size_t count = stream->read(buffer)) result.bytes.append(buffer, 0, count);
  } catch (const Error& error) {
    result.error = error.what();
  }
  return result;
}

Read read_all(std::string_view bytes) {
  return read_all(open_memory(bytes));
}

std::string some_log(std::size_t lines) {
  Random random(1);
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) text += "26/11/21 INFO task " + std::to_string(random.next()) + "\n";
  return text;
}

}  // namespace

TEST_CASE("bytes that are not compressed, even no or few of them, come through as they are") {
  for (const std::string& text : {std::string(), std::string("\x1f"), std::string("BZh"), std::string("BZhello, world"),
                                  std::string("\0\0\0", 3), some_log(1000)}) {
    CHECK(read_all(text).bytes == text);
    CHECK(read_all(text).error.empty());
  }
}

TEST_CASE("gzip and zstd are read whatever the sizes of the pieces, all members and frames of them") {
  const std::string first = some_log(500);
  const std::string second = some_log(20) + "the end\n";
  for (const auto compress : {gzip_of, zstd_of}) {
    const std::string archive = compress(first) + compress("") + compress(second);
    for (const std::size_t most : {1U, 7U, 100'000U}) {
      for (const std::size_t room : {1U, 13U, 1'000'000U}) {
        const Read read = read_all(std::make_unique<Dribble>(archive, most), room);
        CHECK(read.bytes == first + second);
        CHECK(read.error.empty());
      }
    }
  }
}

TEST_CASE("of a truncated stream all that came before is given, then the error") {
  const std::string text = some_log(30000);
  for (const auto compress : {gzip_of, zstd_of}) {
    const std::string archive = compress(text);
    const Read read = read_all(std::string_view(archive).substr(0, archive.size() / 2));
    CHECK(read.bytes.size() > 1000);
    CHECK(text.starts_with(read.bytes));
    CHECK_THAT(read.error, Catch::Contains("is truncated"));
  }
}

TEST_CASE("of a corrupt stream what came before is given, then the error") {
  const std::string text = some_log(20000);
  for (const auto compress : {gzip_of, zstd_of}) {
    std::string archive = compress(text);
    for (std::size_t i = archive.size() / 2; i < archive.size() / 2 + 2000; ++i) archive[i] = '\x55';
    const Read read = read_all(archive);
    CHECK(read.bytes.size() > 1000);
    CHECK(text.starts_with(read.bytes.substr(0, 1000)));
    CHECK_THAT(read.error, Catch::Contains("is corrupt"));
  }
  CHECK_THAT(read_all(gzip_of("a\n") + "tail").error, Catch::Contains("bytes that are no gzip"));
  CHECK(read_all(gzip_of("a\n") + std::string(512, '\0')).error.empty());
}

// libzstd may still read formats of before 1.0, whose decoders give bytes of their own memory for a damaged frame.
TEST_CASE("what follows a zstd frame is another one, or one to skip, or an error") {
  const std::string tail =
      "\x25\xb5\x2f\xfd\x20\x12\x4a\0\0\x7f\xff\x5e\x02\x63\xf0\x91\0\0line \1\0\xff\xff\xff\xff+\x89\1\x9a\xff"s +
      "e 1\nen[\n";
  const std::string skipped = "\x53\x2a\x4d\x18\x02" + std::string(3, '\0') + "ab";
  for (const std::size_t most : {1U, 3U, 100'000U}) {
    for (const std::size_t room : {1U, 71U, 100'000U}) {
      const auto read = [&](const std::string& rest) {
        return read_all(std::make_unique<Dribble>(zstd_of("a\n") + rest, most), room);
      };
      CHECK(read(tail).bytes == "a\n");
      CHECK_THAT(read(tail).error, Catch::Contains("followed by bytes that are no zstd"));
      CHECK_THAT(read("tail").error, Catch::Contains("followed by bytes that are no zstd"));
      CHECK(read("ta").bytes == "a\n");
      CHECK_FALSE(read("ta").error.empty());
      CHECK(read(skipped + zstd_of("b\n")).bytes == "a\nb\n");
      CHECK(read(skipped).error.empty());
    }
  }
}

TEST_CASE("a compression bomb is left before it has expanded far beyond any log") {
  const std::string zeros(std::size_t{64} << 20U, '\0');
  std::string bomb;
  for (int i = 0; i < 64; ++i) bomb += zstd_of(zeros);  // 4 GiB in some hundred KB
  REQUIRE(bomb.size() < 500'000);
  std::uint64_t size = 0;
  std::string error;
  std::string buffer(1 << 20, '\0');
  try {
    const auto stream = decompressed(open_memory(bomb));
    while (const std::size_t count = stream->read(buffer)) size += count;
  } catch (const Error& problem) {
    error = problem.what();
  }
  CHECK_THAT(error, Catch::Contains("compression bomb"));
  CHECK(size <= free_bytes + buffer.size());
}

TEST_CASE("a format that is known but not read is refused by its name") {
  using std::string_literals::operator""s;
  CHECK_THAT(read_all("\xfd\x37zXZ\0aaaaaaaaaaaaaaaaaa"s).error, Catch::Contains("xz-compressed"));
  CHECK_THAT(read_all("BZh91AY&SYaaaaaaaaaaaaa"s).error, Catch::Contains("bzip2-compressed"));
  CHECK_THAT(read_all("LZ4Blockaaaaaaaaaaaaaaa"s).error, Catch::Contains("lz4-compressed"));
  CHECK_THAT(read_all("\x82SNAPPY\0aaaaaaaaaaa"s).error, Catch::Contains("snappy-compressed"));
}
