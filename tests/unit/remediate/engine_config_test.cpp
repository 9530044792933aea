#include "remediate/engine_config.hpp"

#include <catch2/catch.hpp>

#include "scratch.hpp"

using namespace jobmedic;

namespace {
std::string refusal(const std::string& text) {
  return message_of([&] { return EngineConfig::parse(text); });
}
}  // namespace

TEST_CASE("every member of an engine's configuration may be left out") {
  const EngineConfig config = EngineConfig::parse("{}");
  CHECK(config.shipped_rules);
  CHECK(config.store.empty());
  CHECK_FALSE(config.space);
  CHECK(config.policy.iterations == Policy().iterations);
}

TEST_CASE("rules and space are paths or documents") {
  const EngineConfig config = EngineConfig::parse(
      R"({"schema":"jobmedic.engine/1","rules":["mine.json",{"rules":[]}],"space":{"parameters":[]},"shipped_rules":false})");
  REQUIRE(config.rules.size() == 2);
  CHECK(config.rules[0].path == "mine.json");
  CHECK(config.rules[1].text == R"({"rules":[]})");
  CHECK(config.space->text == R"({"parameters":[]})");
  CHECK_FALSE(config.shipped_rules);
}

TEST_CASE("a wrong member of an engine's configuration is named with its place") {
  CHECK(refusal(R"({"rules":"x"})") == "/rules: expected an array, found \"x\"");
  CHECK(refusal(R"({"rules":[7]})") == "/rules/0: expected a path or a document, found 7");
  CHECK(refusal(R"({"rules":[""]})") == "/rules/0: is empty");
  CHECK(refusal(R"({"store":7})") == "/store: expected a string, found 7");
  CHECK(refusal(R"({"policy":{"alpha":"1"}})") == "/policy/alpha: expected a number, found \"1\"");
  CHECK(refusal(R"({"policy":{"alpha":-1}})").find("/policy/alpha: ") == 0);
  CHECK(refusal(R"({"schema":"jobmedic.rules/1"})").find("/schema: ") == 0);
}
