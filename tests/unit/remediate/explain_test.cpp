#include <catch2/catch.hpp>

#include "engines.hpp"
#include "remediate/config_answer.hpp"

using namespace jobmedic;

namespace {

StoredPatch patch(const std::string& id, const std::string& key, const std::string& value) {
  StoredPatch result;
  result.id = id;
  result.patch = R"([{"op":"add","path":"/)" + key + R"(","value":")" + value + R"("}])";
  return result;
}

ConfigExplanation explained(const std::vector<StoredPatch>& patches) {
  return explain(failed_attempt("j"), patches, "2026-11-22T00:00:00Z", Space::shipped("spark"));
}

std::vector<std::string> outcomes(const ConfigExplanation& explanation) {
  std::vector<std::string> result;
  for (const auto& step : explanation.steps) {
    result.push_back(step.patch.id + " " + step.outcome + (step.reason.empty() ? "" : ": " + step.reason));
  }
  return result;
}

using Words = std::vector<std::string>;
const std::string memory = "spark.executor.memory";
const std::string cores = "spark.executor.cores";

}  // namespace

TEST_CASE("an explanation tells of each patch in order what became of it and what it changed") {
  StoredPatch layer = patch("layer", cores, "1");
  layer.layer = true;
  StoredPatch gone = patch("gone", memory, "3g");
  gone.expires_at = "2026-11-21T00:00:00Z";
  const ConfigExplanation explanation =
      explained({patch("plain", memory, "4g"), layer, gone, patch("last", memory, "6g"), patch("bad", "x", "1")});
  CHECK(outcomes(explanation) == Words{"plain superseded: last counts more, and this one is no layer", "layer applied",
                                       "gone skipped: expired at 2026-11-21T00:00:00Z", "last applied",
                                       "bad skipped: \"/x\" is no parameter that may be changed"});
  CHECK(explanation.answer.config ==
        R"({"spark.executor.memory":"6g","spark.app.name":"SessionRollup","spark.executor.cores":"1"})");
  REQUIRE(explanation.steps[3].changes.size() == 1);
  CHECK(explanation.steps[3].changes[0].name == memory);
  CHECK(explanation.steps[3].changes[0].before == "\"2g\"");
  CHECK(explanation.steps[3].changes[0].after == "\"6g\"");
  CHECK(explanation.steps[1].changes[0].before.empty());
}

TEST_CASE("a later layer's change is told from what the patches before it left") {
  StoredPatch one = patch("one", memory, "3g");
  one.layer = true;
  const ConfigExplanation explanation = explained({one, patch("two", memory, "6g")});
  CHECK(explanation.steps[0].changes[0].after == "\"3g\"");
  CHECK(explanation.steps[1].changes[0].before == "\"3g\"");
}

TEST_CASE("an explanation and the configuration agree") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  for (int i = 0; i < 40; ++i) {
    StoredPatch one = patch("", i % 3 == 0 ? memory : cores, i % 3 == 0 ? std::to_string(1 + i % 7) + "g" : "2");
    if (i % 2 == 0) one.scope.job = "j";
    if (i % 5 == 0) one.scope.engine = "spark";
    one.layer = i % 4 == 1;
    one.priority = i % 3;
    one.disabled = i % 7 == 3;
    engine.put_patch(one);
    const ConfigAnswer answer = engine.get_config(failed_attempt("j"));
    const ConfigExplanation explanation = engine.explain_config(failed_attempt("j"));
    CHECK(explanation.answer.config == answer.config);
    CHECK(explanation.answer.applied == answer.applied);
    std::vector<std::string> applied;
    for (const auto& step : explanation.steps) {
      if (step.outcome == "applied") applied.push_back(step.patch.id);
    }
    CHECK(applied == answer.applied);
  }
}

TEST_CASE("an explanation is the document jobmedic.explanation/1") {
  StoredPatch damaged;
  damaged.id = "bad";
  damaged.damage = "byte 3: no";
  const std::string document = explained({damaged, patch("a", memory, "6g")}).to_json();
  CHECK(
      document ==
      R"({"schema":"jobmedic.explanation/1","config":{"spark.executor.memory":"6g","spark.app.name":"SessionRollup"},)"
      R"("patches":[{"id":"bad","outcome":"superseded","reason":"a counts more, and this one is no layer"},)"
      R"({"id":"a","outcome":"applied","changes":{"before":{"spark.executor.memory":"2g"},)"
      R"("after":{"spark.executor.memory":"6g"}},)"
      R"("patch":{"schema":"jobmedic.patch/1","id":"a","scope":{},)"
      R"("patch":[{"op":"add","path":"/spark.executor.memory","value":"6g"}]}}]})");
}
