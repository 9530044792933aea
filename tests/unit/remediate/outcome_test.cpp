// The loop closed: what became of a retry, and what the next run gets for it.
#include "jobmedic/outcome.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "engines.hpp"
#include "process.hpp"

using namespace jobmedic;

namespace {

constexpr const char* heap = "java.lang.OutOfMemoryError: Java heap space\n";
constexpr const char* reset = "java.net.SocketException: Connection reset\n";

// Only what a scheduler knows at the end of a try.
Attempt bare_outcome(const std::string& job, std::int64_t number, bool succeeded) {
  Attempt attempt = ended(attempt_of(job, number), succeeded);
  attempt.engine.clear();
  return attempt;
}

std::string learnt(const RecordedOutcome& outcome) {
  return outcome.lessons.size() == 1 ? outcome.lessons[0].learnt : std::to_string(outcome.lessons.size()) + " lessons";
}

}  // namespace

TEST_CASE("a retry that succeeded keeps its patch for the job's next runs") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  const std::string healed = remediate(engine, failed_attempt("j"), heap);
  Attempt retry = failed_attempt("j", 2);
  retry.config = engine.get_config(retry).config;
  const RecordedOutcome outcome = engine.record_outcome(ended(retry));
  CHECK(learnt(outcome) == "kept");
  CHECK(member(healed, "patch_id") == "\"" + outcome.lessons[0].patch.id + "\"");
  Attempt tomorrow = failed_attempt("j");
  tomorrow.run = "r2";
  CHECK(engine.get_config(tomorrow).config == retry.config);
}

TEST_CASE("job, run, attempt and outcome are enough: the history knows what the try ran with") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  remediate(engine, failed_attempt("j"), heap);
  const std::string given = engine.get_config(failed_attempt("j", 2)).config;
  CHECK(learnt(engine.record_outcome(bare_outcome("j", 2, true))) == "kept");
  const auto kept = Store::open(scratch.url())->attempt("j", "r1", 2);
  CHECK(kept->engine == "spark");
  CHECK(kept->config == given);
  CHECK(engine.record_outcome(bare_outcome("nobody knows it", 1, true)).lessons.empty());
}

TEST_CASE("a retry that failed retires its patch, and the next patch holds what that one changed") {
  const bool outcome_first = GENERATE(true, false);
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  remediate(engine, failed_attempt("j"), heap);
  Attempt second = failed_attempt("j", 2);
  second.config = engine.get_config(second).config;
  if (outcome_first) CHECK(learnt(engine.record_outcome(ended(second, false))) == "retired");
  remediate(engine, second, heap);
  CHECK(learnt(engine.record_outcome(ended(second, false))) == "retired");
  const ConfigAnswer third = engine.get_config(failed_attempt("j", 3));
  REQUIRE(third.applied.size() == 1);
  CHECK(third.config != second.config);
  const auto store = Store::open(scratch.url());
  const auto patches = store->patches();
  REQUIRE(patches.size() == 2);
  CHECK(patches[0].disabled);
  CHECK(patches[1].patch.size() >= patches[0].patch.size());
  // What the recommendation alone makes of the second try is what the third gets from the job's own configuration.
  CHECK(member(third.config, "spark.executor.memory") != member(second.config, "spark.executor.memory"));
}

TEST_CASE("remediate judges the patch by its verdict: a lost connection says nothing about it") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  const std::string patch = member(remediate(engine, failed_attempt("j"), heap), "patch_id");
  Attempt second = failed_attempt("j", 2);
  second.config = engine.get_config(second).config;
  remediate(engine, second, reset);
  CHECK(engine.get_config(failed_attempt("j", 3)).applied.size() == 1);
  const RecordedOutcome outcome = engine.record_outcome(bare_outcome("j", 2, false));
  CHECK(outcome.what == "known");
  CHECK(learnt(outcome) == "left");
  Attempt third = failed_attempt("j", 3);
  third.config = second.config;
  remediate(engine, third, heap);
  CHECK(Store::open(scratch.url())->patches()[0].disabled);
  CHECK(Store::open(scratch.url())->changes(1, patch.substr(1, patch.size() - 2))[0].by == "jobmedic remediate");
}

TEST_CASE("failed outcomes lead into quarantine, and a success out of it") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url(), R"(,"loop":{"quarantine_after":2},"policy":{"max_retries":50})"));
  for (int number = 1; number <= 3; ++number) {
    Attempt failed = failed_attempt("j", number);
    failed.config = engine.get_config(failed).config;
    remediate(engine, failed, heap);
    engine.record_outcome(ended(failed, false));
  }
  CHECK(member(remediate(engine, failed_attempt("j", 4), heap), "quarantined") == "true");
  engine.record_outcome(ended(failed_attempt("j", 5)));
  CHECK(member(remediate(engine, failed_attempt("j", 6), heap), "quarantined").empty());
}

TEST_CASE("a job in shadow keeps its history, and its patches are left alone") {
  const Scratch scratch;
  Engine acting(engine_config(scratch.url()));
  remediate(acting, failed_attempt("j"), heap);
  Engine shadow(engine_config(scratch.url(), R"(,"loop":{"rollout_percent":0})"));
  CHECK(learnt(shadow.record_outcome(bare_outcome("j", 2, false))) == "left");
  CHECK(acting.get_config(failed_attempt("j", 3)).applied.size() == 1);
}

TEST_CASE("the log is told what was learnt, once") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  remediate(engine, failed_attempt("j"), heap);
  std::vector<std::string> told;
  engine.set_events([&](const Event& event) { told.emplace_back(event.name); });
  engine.record_outcome(bare_outcome("j", 2, true));
  engine.record_outcome(bare_outcome("j", 2, true));
  CHECK(told == std::vector<std::string>{"patch_kept"});
}

TEST_CASE("without a store, or without an outcome, there is nothing to record") {
  CHECK(message_of([] {
          return Engine(engine_config()).record_outcome(bare_outcome("j", 1, true));
        }).find("has no store") != std::string::npos);
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  CHECK(message_of([&] { return engine.record_outcome(attempt_of("j")); }) ==
        "/outcome: is missing: how did the attempt end?");
}
