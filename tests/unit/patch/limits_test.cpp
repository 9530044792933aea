#include "patch/limits.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "json/value.hpp"

using namespace jobmedic;
using Catch::Contains;

namespace {

std::string repeat(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::string nested(std::size_t depth) {
  return repeat("[", depth) + repeat("]", depth);
}

}  // namespace

TEST_CASE("text nested 100,000 deep is refused on either side") {
  CHECK_THROWS_WITH(apply_patch(nested(100'000), "[]"), Contains("document: byte 512: nested deeper than 512"));
  CHECK_THROWS_WITH(apply_patch("{}", nested(100'000)), Contains("patch: ") && Contains("nested deeper"));
  CHECK_THROWS_WITH(diff("[]", nested(100'000)), Contains("to: byte 512: nested deeper"));
}

TEST_CASE("a pointer 100,000 tokens long leads nowhere") {
  const std::string path = repeat("/a", 100'000);
  CHECK_THROWS_AS(apply_patch("{}", R"([{"op":"add","path":")" + path + R"(","value":1}])"), Error);
}

TEST_CASE("a document at the allowed depth can be replaced, patched and compared") {
  const std::string deepest = nested(json::max_depth);
  const std::string patch = diff("{}", deepest);
  CHECK(apply_patch("{}", patch) == deepest);
  CHECK(json::parse(apply_patch(deepest, diff(deepest, "{}"))) == json::parse("{}"));
}

TEST_CASE("a patch cannot nest the result deeper than a document may be") {
  const std::string deepest = nested(json::max_depth);
  const std::string document = R"({"deep":)" + nested(json::max_depth - 1) + R"(,"shallow":[]})";
  CHECK_THROWS_WITH(apply_patch("[]", R"([{"op":"add","path":"/-","value":)" + deepest + "}]"), Contains("deeper"));
  CHECK_THROWS_WITH(apply_patch("[1]", R"([{"op":"replace","path":"/0","value":)" + deepest + "}]"),
                    Contains("deeper"));
  CHECK_THROWS_WITH(apply_patch(document, R"([{"op":"copy","from":"/deep","path":"/shallow/-"}])"), Contains("deeper"));
  CHECK_THROWS_WITH(apply_patch(document, R"([{"op":"move","from":"/deep","path":"/shallow/-"}])"), Contains("deeper"));
  CHECK(json::parse(apply_patch(document, R"([{"op":"move","from":"/deep","path":"/other"}])")).find("other") !=
        nullptr);
}

TEST_CASE("copies that double the document are stopped before memory runs out") {
  std::string patch = "[";
  for (int i = 0; i < 60; ++i) patch += R"({"op":"copy","from":"/a","path":"/a/-"},)";
  patch.back() = ']';
  CHECK_THROWS_WITH(apply_patch(R"({"a":["0123456789"]})", patch), Contains("copies too much"));
}

TEST_CASE("the number of operations is bounded") {
  std::string patch = "[" + repeat(R"({"op":"test","path":"","value":1},)", max_operations);
  patch.back() = ']';
  CHECK(apply_patch("1", patch) == "1");
  patch.back() = ',';
  CHECK_THROWS_WITH(apply_patch("1", patch + R"({"op":"remove","path":""}])"),
                    "patch: has 100001 operations, 100000 are allowed");
}

TEST_CASE("a small patch that would keep the processor busy is stopped") {
  std::string document = "[" + repeat("0,", 200'000);
  document.back() = ']';
  std::string patch = "[" + repeat(R"({"op":"move","from":"/0","path":"/199999"},)", 20'000);
  patch.back() = ']';
  CHECK_THROWS_WITH(apply_patch(document, patch), Contains("too much work"));
}

TEST_CASE("a difference of more operations than a patch may have is one that can be applied") {
  std::string from = "{", to = "{";
  for (std::size_t i = 0; i <= max_operations; ++i) {
    from += fmt::format("\"{}\":1,", i);
    to += fmt::format("\"{}\":2,", i);
  }
  from.back() = to.back() = '}';
  CHECK(apply_patch(from, diff(from, to)) == to);
}

TEST_CASE("long arrays are compared in time that does not grow with their product") {
  std::string from = "[", to = "[";
  for (int i = 0; i < 30'000; ++i) {
    from += fmt::format("{},", i);
    to += fmt::format("{},", i % 7 == 0 ? -i - 1 : i);
  }
  from.back() = to.back() = ']';
  CHECK(apply_patch(from, diff(from, to)) == to);
}

TEST_CASE("a document of many megabytes is patched") {
  const std::string text(20'000'000, 'x');
  const std::string document = R"({"a":")" + text + R"(","b":1})";
  const std::string result = apply_patch(document, R"([{"op":"replace","path":"/b","value":2}])");
  CHECK(result.size() == document.size());
  CHECK(result.ends_with(R"(","b":2})"));
}
