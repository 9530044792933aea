// What no model and no store entry may set, whatever it says.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "engines.hpp"
#include "remediate/allowed.hpp"

using namespace jobmedic;

namespace {

const std::string memory = "spark.executor.memory";

std::string set(const std::string& key, const std::string& json_value) {
  return R"([{"op":"add","path":"/)" + key + R"(","value":)" + json_value + "}]";
}

std::string reason(const std::string& operations) {
  return objection(operations, Space::shipped("spark"));
}

StoredPatch patch_of(const std::string& operations) {
  StoredPatch patch;
  patch.scope.job = "j";
  patch.patch = operations;
  return patch;
}

}  // namespace

TEST_CASE("a value outside a parameter's bounds is refused, with the bounds") {
  CHECK(reason(set(memory, R"("900g")")) ==
        "\"/spark.executor.memory\": \"900g\" is not permitted; permitted is 512m to 65536m");
  CHECK(reason(set("spark.memory.fraction", "0.99")) ==
        "\"/spark.memory.fraction\": 0.99 is not permitted; permitted is 0.3 to 0.85");
  for (const char* value : {R"("64g")", R"("512m")", "65536", R"("1000m")"}) CHECK(reason(set(memory, value)).empty());
  for (const char* value : {R"("511m")", R"("65g")", "-1", "0", "1e300", R"("")", R"("2g; rm")", "null", "true", "[]",
                            R"({"a":1})", R"("nan")", R"("inf")"}) {
    INFO(value);
    CHECK(reason(set(memory, value)).find("is not permitted") != std::string::npos);
  }
  CHECK(reason(set("spark.executor.cores", "2.5")).find("permitted is 1 to 16") != std::string::npos);
  CHECK(reason(set("spark.executor.cores", "\"2\"")).empty());
}

TEST_CASE("only a parameter itself may be changed: no other path, nothing within it, nothing taken from elsewhere") {
  CHECK(reason(set("spark.app.name", "\"x\"")) == "\"/spark.app.name\" is no parameter that may be changed");
  CHECK(reason(set(memory + "/x", "\"1g\"")).find("is no parameter") != std::string::npos);
  CHECK(reason(R"([{"op":"replace","path":"","value":{}}])") == "\"\" is no parameter that may be changed");
  CHECK(reason(R"([{"op":"remove","path":"/spark.app.name"}])").find("is no parameter") != std::string::npos);
  CHECK(reason(R"([{"op":"remove","path":"/spark.executor.memory"}])").empty());
  CHECK(reason(R"([{"op":"copy","from":"/spark.app.name","path":"/spark.executor.cores"}])") ==
        R"("/spark.executor.cores": "copy" takes a value from elsewhere; use add, replace, remove or test)");
  CHECK(reason(R"([{"op":"move","from":"/spark.executor.cores","path":"/spark.app.name"}])").find("\"move\" takes") !=
        std::string::npos);
  CHECK(reason(R"([{"op":"test","path":"/spark.app.name","value":"x"}])").empty());
  CHECK(reason(R"([{"op":"add","path":"/spark.executor.cores"}])").find("no value is not permitted") !=
        std::string::npos);
}

TEST_CASE("a categorical parameter takes its values only") {
  const Space space = Space::parse(
      R"({"schema":"jobmedic.space/1","parameters":[{"name":"codec","type":"categorical","values":["lz4","zstd"]}]})");
  CHECK(objection(set("codec", "\"zstd\""), space).empty());
  CHECK(objection(set("codec", "\"rot13\""), space) ==
        "\"/codec\": \"rot13\" is not permitted; permitted is one of lz4, zstd");
  CHECK_FALSE(objection(set("codec", "1"), space).empty());
}

TEST_CASE("what each parameter permits may still be too much for the node together") {
  const Space space = Space::shipped("spark");
  const std::string large = R"({"spark.executor.memory":"64g","spark.executor.memoryOverhead":"32g"})";
  const std::string larger =
      R"({"spark.executor.memory":"64g","spark.executor.memoryOverhead":"32g","spark.memory.offHeap.size":"1g"})";
  CHECK(overreach("{}", large, space).empty());
  CHECK(overreach(large, larger, space) == "\"an executor fits its node\" would not hold: 99328, permitted is 98304");
  CHECK(overreach(larger, larger, space).empty());  // no patch of ours made it so
  CHECK(overreach(larger, large, space).empty());
  CHECK(overreach(large, R"({"spark.executor.memory":"lots","spark.driver.memory":{}})", space).empty());
  CHECK(overreach(R"({"spark.executor.memory":"64g"})",
                  R"({"spark.executor.memory":"64g","spark.executor.memoryOverhead":"32769m"})", space) != "");
}

TEST_CASE("a stored patch that breaks a joint limit is skipped, and the next one counts") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  engine.put_patch(patch_of(set(memory, "\"6g\"")));
  StoredPatch greedy = patch_of(set(memory, "\"64g\""));
  greedy.priority = 1;
  const std::string id = engine.put_patch(greedy).id;
  Attempt attempt = failed_attempt("j");
  attempt.config = R"({"spark.executor.memoryOverhead":"32g"})";
  CHECK(engine.get_config(attempt).applied == std::vector<std::string>{id});
  attempt.config = R"({"spark.executor.memoryOverhead":"32g","spark.memory.offHeap.size":"8g"})";
  const ConfigAnswer answer = engine.get_config(attempt);
  CHECK(member(answer.config, memory.c_str()) == "\"6g\"");
  REQUIRE(answer.skipped.size() == 1);
  CHECK(answer.skipped[0].reason == "\"an executor fits its node\" would not hold: 106496, permitted is 98304");
}

TEST_CASE("a bad patch is not saved, whichever engine it is for") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  CHECK(message_of([&] {
          return engine.put_patch(patch_of(set("spark.app.name", "\"x\"")));
        }).find("patch: \"/spark.app.name\" is no parameter that may be changed (in the space of engine ") == 0);
  StoredPatch spark = patch_of(set("memory_mib", "2048"));
  CHECK_FALSE(engine.put_patch(spark).id.empty());  // for engines that have no space of their own
  spark.scope.engine = "spark";
  CHECK(message_of([&] { return engine.put_patch(spark); }) ==
        "patch: \"/memory_mib\" is no parameter that may be changed");
  CHECK(engine.put_patch(patch_of(set(memory, "\"6g\""))).id == "p-00000002");
  CHECK(Store::open(scratch.url())->patches().size() == 2);
  Engine own(engine_config(scratch.url(), R"(,"space":{"schema":"jobmedic.space/1","parameters":[
      {"name":"beads","type":"integer","min":1,"max":9}]})"));
  CHECK(message_of([&] { return own.put_patch(patch_of(set(memory, "\"6g\""))); }).find("is no parameter") !=
        std::string::npos);
  CHECK_FALSE(own.put_patch(patch_of(set("beads", "9"))).id.empty());
}

TEST_CASE("a hostile row, written behind the store's back, sets nothing") {
  const std::string hostile =
      GENERATE(as<std::string>{}, set("spark.app.name", "\"owned\""),
               set("spark.executor.extraJavaOptions", "\"-javaagent:/tmp/x.jar\""), set(memory, "\"900g\""),
               set(memory, "\"$(reboot)\""), R"([{"op":"replace","path":"","value":{"spark.app.name":"owned"}}])",
               R"([{"op":"copy","from":"/spark.app.name","path":"/spark.executor.memory"}])",
               R"([{"op":"move","from":"/spark.executor.memory","path":"/spark.app.name"}])",
               R"([{"op":"remove","path":"/spark.app.name"}])", R"({"op":"add"})", "[7]", "7",
               R"([{"op":"add","path":"spark.executor.memory","value":"6g"}])",
               R"([{"op":7,"path":"/spark.executor.memory","value":"6g"}])");
  const bool layer = GENERATE(false, true);
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  StoredPatch good = patch_of(set(memory, "\"6g\""));
  good.priority = 1;
  if (layer) engine.put_patch(good);
  StoredPatch harmless = patch_of("[]");
  harmless.id = "bad";
  harmless.layer = layer;
  std::string document = engine.put_patch(harmless).to_json();
  constexpr std::string_view nothing = "\"patch\":[]";
  REQUIRE(document.find(nothing) != std::string::npos);
  document.replace(document.find(nothing), nothing.size(), "\"patch\":" + hostile);
  std::string hex;
  for (const char c : document) hex += fmt::format("{:02X}", static_cast<unsigned char>(c));
  scratch.sql("UPDATE patches SET document = " + scratch.bytes(hex) + " WHERE id = 'bad'");
  INFO(hostile);
  const ConfigAnswer answer = engine.get_config(failed_attempt("j"));
  const std::string expected =
      layer ? R"({"spark.executor.memory":"6g","spark.app.name":"SessionRollup"})" : failed_attempt("j").config;
  CHECK(answer.config == expected);
  REQUIRE(answer.skipped.size() == 1);
  CHECK(answer.skipped[0].id == "bad");
  CHECK_FALSE(answer.skipped[0].reason.empty());

  // Nor is it carried over into what the next failure saves.
  Attempt failed = failed_attempt("j");
  failed.config = R"({"spark.executor.memory":"2g","spark.app.name":"owned"})";
  remediate(engine, failed, "java.lang.OutOfMemoryError: Java heap space\n");
  failed.attempt = 2;
  const ConfigAnswer next = engine.get_config(failed);
  CHECK(next.applied.size() == 1);
  CHECK(member(next.config, "spark.app.name") == "\"owned\"");
}

TEST_CASE("a recommendation that a bad model made loses its patch, and says so") {
  Recommendation bad;
  bad.decision = "retry_with_patch";
  bad.reason = "it feels right";
  bad.patch = set("spark.app.name", "\"x\"");
  const Space space = Space::shipped("spark");
  Classification verdict;
  verdict.classified = true;
  const Recommendation refused = guarded(bad, verdict, space);
  CHECK(refused.patch == "[]");
  CHECK(refused.decision == "do_not_retry");
  CHECK(refused.reason ==
        "the patch was refused: \"/spark.app.name\" is no parameter that may be changed; it was "
        "recommended because it feels right");
  verdict.restartable = true;
  CHECK(guarded(bad, verdict, space).decision == "retry_unchanged");
  bad.patch = set(memory, "\"6g\"");
  CHECK(guarded(bad, verdict, space).decision == "retry_with_patch");
}

TEST_CASE("a patch made for another plan is skipped and told") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  Attempt failed = failed_attempt("j");
  failed.plan = "Scan parquet sales[id#1]";
  remediate(engine, failed, "java.lang.OutOfMemoryError: Java heap space\n");
  Attempt next = failed_attempt("j", 2);
  CHECK(engine.get_config(next).applied.size() == 1);
  next.plan = "Scan parquet sales[id#77]";
  CHECK(engine.get_config(next).applied.size() == 1);
  next.plan = "Scan parquet orders[id#1]";
  const ConfigAnswer other = engine.get_config(next);
  CHECK(other.config == next.config);
  REQUIRE(other.skipped.size() == 1);
  CHECK(other.skipped[0].reason == "it was made for another plan of this job");
}
