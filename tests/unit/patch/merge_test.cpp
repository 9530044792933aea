#include <catch2/catch.hpp>
#include <fstream>
#include <regex>

#include "cases.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "test_data.hpp"

using namespace jobmedic;

namespace {

// {"m0":0,"m1":1,...}, or with nulls.
std::string wide(int members, bool nulls) {
  std::string text = "{";
  for (int i = 0; i < members; ++i) {
    if (i > 0) text += ',';
    text += "\"m" + std::to_string(i) + "\":" + (nulls ? "null" : std::to_string(i));
  }
  return text + "}";
}

}  // namespace

TEST_CASE("a merge patch sets, removes and merges, as the examples of RFC 7396 do") {
  for (const json::Value& test : cases("merged")) {
    INFO(text_of(test, "why"));
    CHECK(apply_merge_patch(json_of(test, "document"), json_of(test, "patch")) == text_of(test, "text"));
  }
}

TEST_CASE("a database's own tests of merge patches are answered as they say") {
  REQUIRE_TEST_DATA("json-merge-patch");
  std::ifstream in(test_data("json-merge-patch/test/sql/json/scalar/test_json_merge_patch.test"));
  const std::regex call(R"(select json_merge_patch\((('[^']*', ?)*'[^']*')\);?)", std::regex::icase);
  int tried = 0;
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, call)) continue;  // those with SQL's NULL are no JSON
    INFO(line);
    const std::string arguments = match[1];
    const std::regex quoted("'([^']*)'");
    std::string result;
    for (auto argument = std::sregex_iterator(arguments.begin(), arguments.end(), quoted);
         argument != std::sregex_iterator(); ++argument) {
      const std::string text = (*argument)[1];
      result = result.empty() ? text : apply_merge_patch(result, text);
    }
    std::string expected;
    std::getline(in, expected);
    REQUIRE(expected == "----");
    std::getline(in, expected);
    CHECK(json::parse(result) == json::parse(expected));
    ++tried;
  }
  CHECK(tried == 13);
}

TEST_CASE("a wide merge patch takes a moment, not a minute") {
  constexpr int members = 200'000;
  CHECK(apply_merge_patch(wide(members, false), wide(members, true)) == "{}");
  CHECK(apply_merge_patch("{}", wide(members, false)) == wide(members, false));
}

TEST_CASE("malformed JSON is told with the side it is on, nesting beyond the limit too") {
  CHECK_THROWS_WITH(apply_merge_patch("{", "{}"), Catch::StartsWith("document: byte 1: "));
  CHECK_THROWS_WITH(apply_merge_patch("{}", R"({"a":1,"a":2})"),
                    Catch::Contains("patch: byte ") && Catch::Contains("\"a\" occurs twice"));
  CHECK_THROWS_WITH(apply_merge_patch("{}", R"({"a":18446744073709551616})"), Catch::Contains("beyond 64-bit"));
  const std::string deep(json::max_depth + 1, '[');
  CHECK_THROWS_WITH(apply_merge_patch("{}", deep), Catch::Contains("nested deeper than"));
}
