#include <catch2/catch.hpp>

#include "jobmedic/error.hpp"
#include "json/value.hpp"

using namespace jobmedic;

TEST_CASE("numbers keep their value or are refused") {
  CHECK(json::write(json::parse("[9223372036854775807,18446744073709551615,-9223372036854775808,0.1,1.0,1e300]")) ==
        "[9223372036854775807,18446744073709551615,-9223372036854775808,0.1,1.0,1e+300]");
  CHECK_THROWS_AS(json::parse("18446744073709551616"), Error);
  CHECK_THROWS_AS(json::parse("1e400"), Error);
}

TEST_CASE("numbers are compared by what they are worth") {
  CHECK(json::parse("1") == json::parse("1.0"));
  CHECK_FALSE(json::parse("9007199254740993") == json::parse("9007199254740992.0"));
  CHECK(json::parse(R"({"a":1,"b":2})") == json::parse(R"({"b":2,"a":1})"));
  CHECK_FALSE(json::parse("[1,2]") == json::parse("[2,1]"));
}

TEST_CASE("duplicate members, depth and trailing text are refused with their offset") {
  CHECK_THROWS_WITH(json::parse(R"({"a":1,"a":2})"), Catch::Contains("member \"a\" occurs twice"));
  CHECK_THROWS_WITH(json::parse(std::string(100000, '[')), Catch::Contains("deeper"));
  CHECK_THROWS_AS(json::parse("{} x"), Error);
  CHECK_THROWS_AS(json::parse(""), Error);
}

TEST_CASE("a member that occurs twice is found in objects of any size, whichever it is") {
  for (const int size : {2, 31, 32, 33, 34, 64, 65, 300}) {
    std::string text = "{";
    for (int i = 0; i < size; ++i) text += "\"option-" + std::to_string(i) + "\":0,";
    for (const int twice : {0, size / 2, size - 1}) {
      INFO(size << " members, number " << twice << " twice");
      const std::string name = "option-" + std::to_string(twice);
      CHECK_THROWS_WITH(json::parse(text + "\"" + name + "\":1}"), Catch::Contains("\"" + name + "\" occurs twice"));
    }
    CHECK(json::parse(text + "\"option-x\":1}").as<json::Object>()->size() == static_cast<std::size_t>(size) + 1);
  }
}
