#include "json/reader.hpp"

#include <catch2/catch.hpp>

#include "jobmedic/error.hpp"

using namespace jobmedic;
using Catch::Equals;

TEST_CASE("the place of a wrong value is told as a JSON Pointer with escapes") {
  const json::Value value = json::parse(R"({"a/b": [{"m~n": "1.8 USD"}]})");
  const json::Reader inner = json::Reader(value).at("a/b").items().at(0).at("m~n");
  CHECK(inner.pointer() == "/a~1b/0/m~0n");
  CHECK_THROWS_WITH(inner.number(), Equals(R"(/a~1b/0/m~0n: expected a number, found "1.8 USD")"));
  CHECK_THROWS_WITH(json::Reader(value).at("c"), Equals("/c: is missing"));
  try {
    static_cast<void>(inner.boolean());
  } catch (const Error& error) {
    CHECK(error.status() == Status::schema);
    CHECK(error.detail() == R"({"pointer":"/a~1b/0/m~0n"})");
  }
}

TEST_CASE("a null member counts as absent") {
  const json::Value value = json::parse(R"({"a": null})");
  const json::Reader in(value);
  CHECK_FALSE(in.find("a"));
  CHECK(in.string_or("a", "none") == "none");
  CHECK(in.boolean_or("a", true));
  CHECK_THROWS_WITH(in.at("a"), Equals("/a: is missing"));
}

TEST_CASE("an integer may be written as a decimal and is held to its range") {
  const json::Value value = json::parse("[3.0, 3.5, 1e300, 18446744073709551615, 12]");
  const auto items = json::Reader(value).items();
  CHECK(items[0].integer() == 3);
  CHECK_THROWS_WITH(items[1].integer(), Equals("/1: expected an integer, found 3.5"));
  CHECK_THROWS_AS(items[2].integer(), Error);
  CHECK_THROWS_AS(items[3].integer(), Error);
  CHECK_THROWS_WITH(items[4].integer_in(1, 8), Equals("/4: expected an integer from 1 to 8, found 12"));
}

TEST_CASE("a long value is cut short in a message") {
  const json::Value value = json::parse("\"" + std::string(500, 'x') + "\"");
  CHECK_THROWS_WITH(json::Reader(value).number(),
                    Equals("document: expected a number, found \"" + std::string(59, 'x') + "..."));
}
