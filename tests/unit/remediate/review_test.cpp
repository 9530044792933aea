#include "jobmedic/review.hpp"

#include <catch2/catch.hpp>

#include "scratch.hpp"

using namespace jobmedic;

namespace {

RuleSet rules() {
  return RuleSet::parse(R"({"schema":"jobmedic.rules/1","rules":[
    {"name":"Fatal","regex":"fatal thing","category":"data","restartable":false},
    {"name":"Passing","regex":"passing thing","category":"transient_infra","restartable":true}]})");
}

// A run of `job`: a failure that `rule` explained, then a retry with `config`.
void add_run(Store& store, const std::string& run, const std::string& rule, bool healed, double cost = 1,
             const std::string& config = R"({"a":"1","b":"2"})") {
  Attempt failed = ended(attempt_of("j", 1, run), false);
  failed.config = R"({"b":"2","a":"1"})";
  failed.outcome->rule = rule;
  store.record(failed);
  Attempt retry = ended(attempt_of("j", 2, run), healed);
  retry.config = config;
  retry.outcome->cost_usd = cost;
  if (!healed) retry.outcome->rule = rule;
  store.record(retry);
}

}  // namespace

TEST_CASE("a rule that says not restartable is contradicted by unchanged retries that succeeded") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  add_run(*store, "r1", "Fatal", true, 2);
  CHECK(review_rules(*store, rules()).empty());
  add_run(*store, "r2", "Fatal", true, 3);
  add_run(*store, "r3", "Fatal", false, 50);
  const auto reviews = review_rules(*store, rules());
  REQUIRE(reviews.size() == 1);
  CHECK(reviews[0].rule == "Fatal");
  CHECK(reviews[0].contradicted);
  CHECK(reviews[0].retries == 3);
  CHECK(reviews[0].succeeded == 2);
  CHECK(reviews[0].cost_usd == 5);
  REQUIRE(reviews[0].examples.size() == 2);
  CHECK(reviews[0].examples[0].run == "r1");
}

TEST_CASE("a rule that says restartable is contradicted by unchanged retries that kept failing") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  for (const char* run : {"r1", "r2", "r3"}) add_run(*store, run, "Passing", false, 4);
  REQUIRE(review_rules(*store, rules()).size() == 1);
  CHECK(review_rules(*store, rules())[0].cost_usd == 12);
  add_run(*store, "r4", "Passing", true);
  CHECK(review_rules(*store, rules()).empty());
}

TEST_CASE("a retry with another configuration says nothing about the verdict") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  for (const char* run : {"r1", "r2", "r3"}) add_run(*store, run, "Fatal", true, 1, R"({"a":"9","b":"2"})");
  CHECK(review_rules(*store, rules()).empty());
}

TEST_CASE("rules whose regex gave up are listed with how often") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  for (int i = 1; i <= 2; ++i) {
    store->save_remediation(attempt_of("j", i), std::nullopt, [](const std::string&) {
      return std::string(R"({"classification":{"notes":["rule \"Passing\" gave up: its regex backtracks too much"]}})");
    });
  }
  const auto reviews = review_rules(*store, rules());
  REQUIRE(reviews.size() == 1);
  CHECK(reviews[0].rule == "Passing");
  CHECK(reviews[0].gave_up == 2);
  CHECK_FALSE(reviews[0].contradicted);
}

TEST_CASE("a rule that is not there any more is not reviewed") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  for (const char* run : {"r1", "r2", "r3"}) add_run(*store, run, "Removed", true);
  CHECK(review_rules(*store, rules()).empty());
}
