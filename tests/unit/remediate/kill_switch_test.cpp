// While automation is stopped, nothing is changed and nothing decided.
#include <catch2/catch.hpp>

#include "engines.hpp"
#include "process.hpp"

using namespace jobmedic;

namespace {
constexpr const char* heap = "java.lang.OutOfMemoryError: Java heap space\n";
const Author ana{"ana", "a release goes wrong"};
}  // namespace

TEST_CASE("while automation is stopped the configuration is as it was, and says so") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  remediate(engine, failed_attempt("j"), heap);
  REQUIRE(engine.get_config(failed_attempt("j", 2)).applied.size() == 1);
  const auto store = Store::open(scratch.url());
  const Automation state = store->stop_automation(true, ana);
  const ConfigAnswer answer = engine.get_config(failed_attempt("j", 2));
  CHECK(answer.config == failed_attempt("j", 2).config);
  CHECK(answer.applied.empty());
  CHECK(member(answer.to_json(), "stopped", "by") == "\"ana\"");
  CHECK(member(answer.to_json(), "stopped", "reason") == "\"a release goes wrong\"");
  CHECK(member(run_process({engine_config(scratch.url()), "get", failed_attempt("j", 2).to_json()}), "stopped",
               "since") == "\"" + state.since + "\"");
  const ConfigExplanation explanation = engine.explain_config(failed_attempt("j", 2));
  REQUIRE(explanation.steps.size() == 1);
  CHECK(explanation.steps[0].outcome == "skipped");
  CHECK(explanation.steps[0].reason == state.words());
  store->stop_automation(false, ana);
  CHECK(engine.get_config(failed_attempt("j", 2)).applied.size() == 1);
}

TEST_CASE("while automation is stopped a failure keeps the scheduler's own retry, and becomes history") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url(), R"(,"policy":{"max_retries":2})"));
  const auto store = Store::open(scratch.url());
  store->stop_automation(true, ana);
  const std::string document = remediate(engine, failed_attempt("j"), heap);
  CHECK(member(document, "classification", "rule") == "\"ExecutorHeapOOM\"");
  CHECK(member(document, "recommendation").empty());
  CHECK(member(document, "patch_id").empty());
  CHECK(member(document, "retry", "restart") == "true");
  CHECK(member(document, "stopped", "by") == "\"ana\"");
  CHECK(member(remediate(engine, failed_attempt("j", 3), "leave me alone\n"), "retry", "restart") == "false");
  CHECK(member(remediate(engine, failed_attempt("j", 2), "leave me alone\n"), "retry", "restart") == "true");
  remediate(engine, failed_attempt("k"), "12:00 ERROR acme.Main: lease is gone\n");
  CHECK(store->patches().empty());
  CHECK_FALSE(store->remediation("j", "r1", 1));
  CHECK(store->attempt("j", "r1", 1)->outcome->rule == "ExecutorHeapOOM");
  int unclassified = 0;
  store->each_unclassified([&](const UnclassifiedFailure&) { ++unclassified; });
  CHECK(unclassified == 1);
}

TEST_CASE("an answer given before the stop is not repeated during it, and is again afterwards") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  const std::string before = remediate(engine, failed_attempt("j"), heap);
  const auto store = Store::open(scratch.url());
  store->stop_automation(true, ana);
  CHECK(member(remediate(engine, failed_attempt("j"), heap), "patch_id").empty());
  store->stop_automation(false, ana);
  CHECK(remediate(engine, failed_attempt("j"), heap) == before);
}
