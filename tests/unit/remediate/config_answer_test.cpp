#include "remediate/config_answer.hpp"

#include <catch2/catch.hpp>

#include "engines.hpp"

using namespace jobmedic;

namespace {

StoredPatch patch(const std::string& id, const std::string& operations, bool layer = false) {
  StoredPatch result;
  result.id = id;
  result.patch = operations;
  result.layer = layer;
  return result;
}

std::string set(const std::string& key, const std::string& value) {
  return R"([{"op":"add","path":"/)" + key + R"(","value":")" + value + R"("}])";
}

ConfigAnswer answer(std::vector<StoredPatch> candidates) {
  const Space spark = Space::shipped("spark");
  return mutate(failed_attempt("j"), Candidates(std::move(candidates)), spark);
}

const std::string memory = "spark.executor.memory";
const std::string cores = "spark.executor.cores";
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("without a patch the configuration stays as it is") {
  CHECK(answer({}).config == failed_attempt("j").config);
}

TEST_CASE("of several patches the last one applies alone") {
  const ConfigAnswer result = answer({patch("a", set(cores, "1")), patch("b", set(memory, "6g"))});
  CHECK(result.config == R"({"spark.executor.memory":"6g","spark.app.name":"SessionRollup"})");
  CHECK(result.applied == Ids{"b"});
  CHECK(result.skipped.empty());
}

TEST_CASE("layers apply before the last patch, in order, and a layer may be the last") {
  const ConfigAnswer result = answer({patch("a", set(memory, "3g"), true), patch("b", set(cores, "1")),
                                      patch("c", set(cores, "2"), true), patch("d", set(memory, "6g"))});
  CHECK(result.applied == Ids{"a", "c", "d"});
  CHECK(result.config ==
        R"({"spark.executor.memory":"6g","spark.app.name":"SessionRollup","spark.executor.cores":"2"})");
  CHECK(answer({patch("a", set(memory, "3g")), patch("b", set(cores, "1"), true)}).applied == Ids{"b"});
}

TEST_CASE("a patch that does not apply is skipped with its reason, and the one before it applies") {
  const ConfigAnswer result = answer(
      {patch("a", set(memory, "6g")), patch("b", R"([{"op":"replace","path":"/spark.executor.cores","value":"1"}])")});
  CHECK(result.applied == Ids{"a"});
  REQUIRE(result.skipped.size() == 1);
  CHECK(result.skipped[0].id == "b");
  CHECK_FALSE(result.skipped[0].reason.empty());
}

TEST_CASE("a patch may change parameters of the engine's space only") {
  const auto reason = [](const std::string& operations) {
    const ConfigAnswer result = answer({patch("p", operations)});
    CHECK(result.config == failed_attempt("j").config);
    return result.skipped.empty() ? "" : result.skipped.front().reason;
  };
  CHECK(reason(set("spark.app.name", "x")) == "\"/spark.app.name\" is no parameter that may be changed");
  CHECK(reason(R"([{"op":"replace","path":"","value":{}}])") == "\"\" is no parameter that may be changed");
  CHECK(reason(R"([{"op":"move","from":"/spark.app.name","path":"/spark.executor.cores"}])").find("takes a value") !=
        std::string::npos);
  CHECK(reason(set(memory + "x", "1g")).find("is no parameter") != std::string::npos);
  CHECK(answer({patch("p", R"([{"op":"test","path":"/spark.app.name","value":"SessionRollup"},
                               {"op":"replace","path":"/spark.executor.memory","value":"6g"}])")})
            .applied == Ids{"p"});
}

TEST_CASE("a damaged patch is skipped and the others apply") {
  StoredPatch damaged = patch("bad", "[]");
  damaged.damage = "offset 3: unexpected end";
  const ConfigAnswer result = answer({patch("good", set(memory, "6g")), damaged});
  CHECK(result.applied == Ids{"good"});
  CHECK(result.skipped[0].reason == "its row in the store is damaged: offset 3: unexpected end");
}

TEST_CASE("the answer is the document jobmedic.config/1") {
  const std::string document =
      answer({patch("a", set(memory, "6g")), patch("b", set("spark.app.name", "x"))}).to_json();
  CHECK(
      document ==
      R"({"schema":"jobmedic.config/1","config":{"spark.executor.memory":"6g","spark.app.name":"SessionRollup"},)"
      R"("applied":["a"],"skipped":[{"id":"b","reason":"\"/spark.app.name\" is no parameter that may be changed"}]})");
}
