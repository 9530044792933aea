// How far remediate() goes by itself: modes, rollout, quarantine, budget, and the order of its steps.
#include "jobmedic/loop.hpp"

#include <catch2/catch.hpp>

#include "engines.hpp"

using namespace jobmedic;

namespace {

constexpr const char* heap = "java.lang.OutOfMemoryError: Java heap space\n";
constexpr const char* reset = "java.net.SocketException: Connection reset\n";

std::string loop(const std::string& members) {
  return R"(,"loop":{)" + members + "}";
}

std::vector<std::string> steps_of(Engine& engine, const Attempt& failed, const char* log) {
  std::vector<std::string> steps;
  engine.set_log([&](int level, std::string_view message) {
    if (level == 3) steps.emplace_back(message.substr(0, message.find(':')));
  });
  remediate(engine, failed, log);
  engine.set_log({});
  return steps;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the steps come in their order: classify, recommend where memory or nobody knows, save, decide") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  CHECK(steps_of(engine, failed_attempt("j", 1), heap) == Words{"classify", "recommend", "save", "decide"});
  CHECK(steps_of(engine, failed_attempt("j", 2), reset) == Words{"classify", "decide"});
  CHECK(steps_of(engine, failed_attempt("j", 3), "what?\n") == Words{"classify", "recommend", "decide"});
  CHECK(steps_of(engine, failed_attempt("j", 1), heap).empty());  // answered before
}

TEST_CASE("in shadow everything is decided and recorded, and nothing changed") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url(), loop(R"("mode":"shadow")")));
  const std::string document = remediate(engine, failed_attempt("j"), heap);
  CHECK(member(document, "mode") == "\"shadow\"");
  CHECK(member(document, "recommendation", "decision") == "\"retry_with_patch\"");
  CHECK(member(document, "would", "restart") == "true");
  CHECK(member(document, "would", "after_s") == "0.0");
  CHECK(member(document, "retry", "after_s") != "0.0");
  CHECK(member(document, "patch_id").empty());
  const std::string bug = remediate(engine, failed_attempt("k"), "AnalysisException: cannot resolve 'x'\n");
  CHECK(member(bug, "would", "restart") == "false");
  CHECK(member(bug, "retry", "restart") == "true");  // as a scheduler without us does
  const auto store = Store::open(scratch.url());
  CHECK(store->patches().empty());
  CHECK(store->remediation("j", "r1", 1) == document);
  CHECK(engine.get_config(failed_attempt("j", 2)).applied.empty());
}

TEST_CASE("a dry run answers as it would, and leaves no trace in the store") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url(), loop(R"("mode":"dry_run")")));
  CHECK(member(remediate(engine, failed_attempt("j"), heap), "would", "restart") == "true");
  const auto store = Store::open(scratch.url());
  CHECK(store->attempt_count() == 0);
  CHECK(store->patches().empty());
  CHECK_FALSE(store->remediation("j", "r1", 1));
  CHECK(store->changes(10).empty());
}

TEST_CASE("a rollout acts on its share, the same ones whenever asked, and more of them as it grows") {
  LoopPolicy policy;
  policy.rollout_percent = 20;
  LoopPolicy wider = policy;
  wider.rollout_percent = 60;
  int acted = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string job = "job-" + std::to_string(i);
    if (!policy.rolled_out(job)) continue;
    ++acted;
    CHECK(wider.rolled_out(job));
  }
  CHECK(acted > 1'850);
  CHECK(acted < 2'150);
  policy.rollout_percent = 0;
  CHECK_FALSE(policy.rolled_out("job-1"));
  policy.rollout_percent = 100;
  CHECK(policy.rolled_out("job-1"));
}

TEST_CASE("a rollout goes by a label's value where it is asked to, and by the job where that is absent") {
  Engine engine(engine_config("", loop(R"("rollout_percent":50,"rollout_label":"team")")));
  LoopPolicy half;
  half.rollout_percent = 50;
  for (int i = 0; i < 20; ++i) {
    Attempt failed = failed_attempt("job-" + std::to_string(i));
    CHECK((member(remediate(engine, failed, heap), "mode").empty()) == half.rolled_out(failed.job));
    failed.labels["team"] = "blue";
    CHECK((member(remediate(engine, failed, heap), "mode").empty()) == half.rolled_out("blue"));
  }
}

TEST_CASE("a job whose patched tries keep failing gets no further patch until it succeeds") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url(), loop(R"("quarantine_after":3)") + R"(,"policy":{"max_retries":50})"));
  const auto fail = [&](std::int64_t number) {
    Attempt failed = failed_attempt("j", number);
    failed.config = engine.get_config(failed).config;
    return remediate(engine, failed, heap);
  };
  for (int number = 1; number <= 4; ++number) CHECK_FALSE(member(fail(number), "patch_id").empty());
  const std::string document = fail(5);  // three tries before this one ran with a patch and failed
  CHECK(member(document, "quarantined") == "true");
  CHECK(member(document, "patch_id").empty());
  CHECK(member(document, "retry", "restart") == "false");
  CHECK(member(document, "retry", "reason") ==
        "\"in quarantine: its last 3 patched tries failed; look into it, and run it once with success\"");
  CHECK(member(remediate(engine, failed_attempt("j", 6), reset), "retry", "restart") ==
        "true");  // no patch in question
  engine.record(ended(failed_attempt("j", 7)));
  CHECK(member(fail(8), "quarantined").empty());
}

TEST_CASE("a job's retries are counted over all its runs, and no more are granted than its budget") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url(), loop(R"("retry_budget":3)")));
  const auto restarted = [&](const std::string& job, const std::string& run) {
    Attempt failed = failed_attempt(job);
    failed.run = run;
    return member(remediate(engine, failed, reset), "retry", "restart");
  };
  for (const char* run : {"a", "b", "c"}) CHECK(restarted("j", run) == "true");
  CHECK(restarted("j", "d") == "false");
  CHECK(restarted("k", "d") == "true");
  Engine forgetful(engine_config(scratch.url(), loop(R"("retry_budget":3,"retry_budget_hours":0)")));
  CHECK(member(remediate(forgetful, failed_attempt("j", 2), reset), "retry", "restart") == "true");
}

TEST_CASE("what is wrong in a loop's policy is told with its place") {
  const auto problem = [](const std::string& members) {
    return message_of([&] { return Engine(engine_config("", loop(members))).info(); });
  };
  CHECK(problem(R"("mode":"maybe")") == R"(/loop/mode: expected "act", "shadow" or "dry_run", found "maybe")");
  CHECK(problem(R"("rollout_percent":101)").find("/loop/rollout_percent: ") == 0);
  CHECK(problem(R"("quarantine_after":-1)").find("/loop/quarantine_after: ") == 0);
  CHECK(problem(R"("retry_budget":"many")").find("/loop/retry_budget: ") == 0);
  CHECK(problem(R"("retry_budget_hours":1e9)").find("/loop/retry_budget_hours: ") == 0);
}
