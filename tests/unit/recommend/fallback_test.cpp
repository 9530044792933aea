#include "recommend/fallback.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "cliff.hpp"
#include "core/file.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/recommend.hpp"
#include "jobmedic/rules.hpp"
#include "json/reader.hpp"

using namespace jobmedic;

namespace {

struct Case {
  std::string name;
  std::string engine;
  Classification verdict;
  std::string config;
  std::string decision;
  json::Object patch;  // pointer -> value
  std::string reason;  // must be contained
};

std::vector<Case> cases() {
  const json::Value document = json::parse(read_file("tests/data/recommend/fallback.json"));
  std::vector<Case> all;
  for (const json::Reader& in : json::Reader(document).items()) {
    Case one{in.at("name").string(),
             in.string_or("engine", "spark"),
             memory_verdict(in.at("rule").string()),
             json::write(in.at("config").value()),
             in.string_or("decision", "retry_with_patch"),
             {},
             in.string_or("reason", "")};
    one.verdict.restartable = in.boolean_or("restartable", false);
    if (const auto patch = in.find("patch")) one.patch = *patch->value().as<json::Object>();
    all.push_back(std::move(one));
  }
  return all;
}

json::Object as_object(const std::string& patch) {
  const json::Value operations = json::parse(patch);
  json::Object changes;
  for (const json::Reader& operation : json::Reader(operations).items()) {
    CHECK(operation.at("op").string() == "add");
    changes.emplace_back(operation.at("path").string(), operation.at("value").value());
  }
  return changes;
}

}  // namespace

TEST_CASE("without a model the fixed policy answers") {
  for (const Case& one : cases()) {
    INFO(one.name);
    const auto answer = recommend(spark_attempt(one.config), one.verdict, nullptr, Space::shipped(one.engine));
    INFO(answer.reason);
    CHECK(answer.decision == one.decision);
    CHECK(answer.method == "fallback");
    CHECK(answer.model.empty());
    CHECK(json::Value(as_object(answer.patch)) == json::Value(one.patch));
    CHECK(answer.reason.find(one.reason) != std::string::npos);
  }
}

TEST_CASE("every entry of the fixed policy decides at least one of those cases") {
  const auto& remedies = recommender::Remedies::shipped();
  std::set<const recommender::Remedy*> used;
  for (const Case& one : cases()) {
    const Space space = Space::shipped(one.engine);
    const recommender::Configuration configuration(spark_attempt(one.config), space, remedies);
    used.insert(recommender::remedy_for(one.verdict, remedies, configuration));
  }
  for (const auto& remedy : remedies.list) {
    INFO(remedy.what << ", " << remedy.rules.front());
    CHECK(used.contains(&remedy));
  }
}

TEST_CASE("every parameter the fixed policy names is in a shipped space") {
  const auto& remedies = recommender::Remedies::shipped();
  std::set<std::string> known;
  for (const char* engine : {"spark", "kubernetes", "generic"}) {
    for (const Parameter& parameter : Space::shipped(engine).parameters) known.insert(parameter.name);
  }
  auto all = remedies.list;
  all.push_back(remedies.unclassified);
  for (const auto& remedy : all) {
    for (const auto& change : remedy.changes) CHECK(known.contains(change.parameter));
  }
  for (const auto& follower : remedies.followers) {
    CHECK(known.contains(follower.parameter));
    CHECK(known.contains(follower.of));
  }
}

TEST_CASE("every shipped memory rule finds an entry of its own, not the last resort") {
  const auto& remedies = recommender::Remedies::shipped();
  const RuleSet shipped = RuleSet::shipped();
  for (const Rule& rule : shipped.rules()) {
    if (rule.category != "memory_config") continue;
    INFO(rule.name);
    const auto found = std::find_if(remedies.list.begin(), remedies.list.end(),
                                    [&](const auto& remedy) { return remedy.covers(rule.name); });
    REQUIRE(found != remedies.list.end());
    CHECK(found->rules != std::vector<std::string>{"*"});
  }
}

TEST_CASE("max_growth holds without a model") {
  Policy policy;
  policy.max_growth = 1.5;
  const auto answer = recommend(spark_attempt(R"({"spark.executor.memory":"2g"})"),
                                memory_verdict("SparkExecutorHeapOOM"), nullptr, Space::shipped("spark"), policy);
  CHECK(answer.patch == R"([{"op":"add","path":"/spark.executor.memory","value":"3072m"}])");
}

TEST_CASE("an unclassified failure without a model keeps its retry") {
  const auto answer =
      recommend(spark_attempt(R"({"spark.executor.memory":"2g"})"), Classification{}, nullptr, Space::shipped("spark"));
  CHECK(answer.decision == "retry_unchanged");
  CHECK(answer.method == "fallback");
  CHECK(answer.patch == "[]");
}

TEST_CASE("the price of the fixed policy's answer is told where size and duration are known") {
  Attempt failed = spark_attempt(R"({"spark.executor.memory":"2g","spark.executor.instances":"10"})");
  failed.duration_s = 3600;
  const auto answer = recommend(failed, memory_verdict("SparkExecutorHeapOOM"), nullptr, Space::shipped("spark"));
  // 10 * (2 g + 384 m) + driver (1 g + 384 m) = 25.1 GiB; 10 * (4 g + 409 m) + the same driver = 45.4 GiB
  CHECK(answer.reason.find("at 1.8 times the price per hour, about $0.45 if it runs as long again") !=
        std::string::npos);
}

TEST_CASE("a damaged policy file is refused with its pointer") {
  const auto refusal = [](std::string_view text) -> std::string {
    try {
      recommender::Remedies::parse(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(
      refusal(
          R"({"schema":"jobmedic.fallback/1","unclassified":{"what":"x","parameters":[{"parameter":"a","search":"sideways"}]}})") ==
      R"(/unclassified/parameters/0/search: expected "up", "down" or "any", found "sideways")");
  CHECK(refusal(R"({"schema":"jobmedic.fallback/1","unclassified":{"what":"x","parameters":[]}})") ==
        R"(/unclassified: needs parameters, or the reason "why" there are none)");
}
