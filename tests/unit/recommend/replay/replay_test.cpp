// The whole replay: that it tells what was measured on recorded runs.
#include "jobmedic/replay.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "../history.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"
#include "recorded.hpp"

using namespace jobmedic;

namespace {

struct Row {
  double at_first, healed, cost;
};

std::map<std::string, Row> rows_of(const std::string& document) {
  const json::Value value = json::parse(document);
  std::map<std::string, Row> rows;
  for (const auto& row : json::Reader(value).at("rows").items()) {
    rows[row.at("policy").string()] = {100 * row.at("healed_at_first").number(), 100 * row.at("healed").number(),
                                       row.at("cost_over_oracle").number()};
  }
  return rows;
}

}  // namespace

TEST_CASE("fixed multipliers do to the recorded Spark failures what was measured on them") {
  REQUIRE_TEST_DATA("spark-retries/attempts.jsonl");
  ReplayOptions options;
  options.policies = {"unchanged", "x1.2", "+500", "x1.5", "double", "x3", "x4", "x8"};
  const std::string document = replay(history::load(), Space::shipped("spark"), options);
  const json::Value value = json::parse(document);
  CHECK(json::Reader(value).at("failures").integer() == 110);
  CHECK(json::Reader(value).at("memory").string() == "spark.executor.memory");
  auto rows = rows_of(document);
  const std::map<std::string, Row> measured = {{"x1.2", {6, 42, 1.60}},  {"double", {63, 100, 1.59}},
                                               {"x3", {82, 100, 1.61}},  {"x4", {92, 100, 1.74}},
                                               {"x8", {100, 100, 2.16}}, {"unchanged", {0, 0, 1.29}}};
  for (const auto& [policy, row] : measured) {
    INFO(policy);
    CHECK(rows[policy].at_first == Approx(row.at_first).margin(0.5));
    CHECK(rows[policy].healed == Approx(row.healed).margin(0.5));
    CHECK(rows[policy].cost == Approx(row.cost).margin(0.01));
  }
  CHECK(rows["+500"].at_first == Approx(30).margin(0.5));
  CHECK(rows["x1.5"].at_first == Approx(32).margin(0.5));
}

TEST_CASE("the sums are those of the jobs one by one") {
  REQUIRE_TEST_DATA("spark-retries/attempts.jsonl");
  ReplayOptions options;
  options.policies = {"double", "x4"};
  const json::Value value = json::parse(replay(history::load(), Space::shipped("spark"), options));
  const json::Reader document(value);
  double failures = 0, healed = 0, oracle = 0, cost = 0;
  for (const auto& job : document.at("by_job").items()) {
    const auto row = job.at("rows").items().at(0);
    CHECK(row.at("policy").string() == "double");
    failures += job.at("failures").number();
    healed += job.at("failures").number() * row.at("healed_at_first").number();
    oracle += job.at("oracle_usd").number();
    cost += job.at("oracle_usd").number() * row.at("cost_over_oracle").number();
  }
  CHECK(failures == document.at("failures").number());
  CHECK(healed == Approx(failures * document.at("rows").items().at(0).at("healed_at_first").number()));
  CHECK(cost / oracle == Approx(document.at("rows").items().at(0).at("cost_over_oracle").number()));
}

TEST_CASE("the same seed draws the same failures") {
  const Space space = recorded::space();
  std::vector<Attempt> history;
  for (int i = 0; i < 50; ++i) history.push_back(recorded::peak(std::to_string(i), 1000 + 10 * i));
  history.push_back(recorded::run("other", 4096, 1, true));
  ReplayOptions options;
  options.policies = {"double", "fallback"};
  const std::string first = replay(history, space, options);
  CHECK(replay(history, space, options) == first);
  options.seed = 1;
  CHECK(replay(history, space, options) != first);
}

TEST_CASE("a history without answers says what one needs") {
  const Space space = recorded::space();
  std::vector<Attempt> history = {recorded::run("a", 1024, 1, false), recorded::run("b", 2048, 1, false)};
  for (Attempt& attempt : history) attempt.labels.clear();
  CHECK_THROWS_WITH(replay(history, space, {}), Catch::Contains("labels.grid") && Catch::Contains("labels.peak"));
}

TEST_CASE("options out of range are refused") {
  const Space space = recorded::space();
  const std::vector<Attempt> history = {recorded::run("a", 1024, 1, false), recorded::run("b", 2048, 1, true)};
  ReplayOptions options;
  options.policies = {"treble"};
  CHECK_THROWS_WITH(replay(history, space, options), Catch::Contains("no policy \"treble\""));
  options.policies = {"double"};
  options.memory = "ram";
  CHECK_THROWS_WITH(replay(history, space, options), Catch::Contains("\"ram\""));
  options.memory.clear();
  options.folds = 1;
  CHECK_THROWS_AS(replay(history, space, options), Error);
}
