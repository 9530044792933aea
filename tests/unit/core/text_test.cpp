#include "core/text.hpp"

#include <catch2/catch.hpp>

using namespace jobmedic;

TEST_CASE("invalid bytes become replacement characters and valid text is kept") {
  CHECK(valid_utf8("na\xC3\xAFve \xF0\x9F\x98\x80") == "na\xC3\xAFve \xF0\x9F\x98\x80");
  CHECK(valid_utf8("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(valid_utf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");  // overlong
  CHECK(valid_utf8("\xED\xA0\x80").size() == 9);                // a surrogate is three invalid bytes
  CHECK(valid_utf8("cut \xF0\x9F\x98") == "cut \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("text is cut between code points") {
  CHECK(valid_utf8("ab\xC3\xAF", 3) == "ab");
  CHECK(valid_utf8("ab\xC3\xAF", 4) == "ab\xC3\xAF");
}

TEST_CASE("sizes are told as a person would") {
  CHECK(human_bytes(812) == "812 B");
  CHECK(human_bytes(1'234'567) == "1.2 MB");
  CHECK(human_bytes(999'999) == "1.0 MB");
}
