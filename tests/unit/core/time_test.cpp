#include "core/time.hpp"

#include <catch2/catch.hpp>

using namespace jobmedic;

TEST_CASE("RFC 3339 times are read with any offset and written in UTC") {
  const auto time = parse_time("2026-11-21T03:12:00Z");
  REQUIRE(time);
  CHECK(format_time(*time) == "2026-11-21T03:12:00Z");
  CHECK(parse_time("2026-11-21T04:12:00+01:00") == time);
  CHECK(format_time(*parse_time("2026-11-21T03:12:00.5Z")) == "2026-11-21T03:12:00.500Z");
}

TEST_CASE("what is no time is refused") {
  for (const char* text : {"", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-21T03:12:00",
                           "2026-11-21T25:00:00Z", "2026-11-21T03:12:00.Z", "2026-11-21T03:12:00+1:00"}) {
    CHECK_FALSE(parse_time(text));
  }
}
