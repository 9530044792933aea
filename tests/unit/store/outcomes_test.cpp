// What became of a try, and what that teaches about the patches it ran with.
#include <unistd.h>

#include <catch2/catch.hpp>

#include "core/time.hpp"
#include "jobmedic/outcome.hpp"
#include "jobmedic/store.hpp"
#include "json/value.hpp"
#include "process.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

// As remediate() saves one, with a week to live.
StoredPatch recommended(const std::string& id = "p", const std::string& job = "j") {
  StoredPatch patch;
  patch.id = id;
  patch.scope.job = job;
  patch.patch = R"([{"op":"add","path":"/spark.executor.memory","value":"6g"}])";
  patch.source = "recommendation";
  patch.expires_at = format_time(now() + std::chrono::hours(7 * 24));
  return patch;
}

Attempt failed_with(const std::string& category, std::int64_t number = 2) {
  Attempt attempt = ended(attempt_of("j", number), false);
  attempt.outcome->category = category;
  if (!category.empty()) attempt.outcome->rule = "SomeRule";
  return attempt;
}

std::vector<std::string> learnt(const RecordedOutcome& outcome) {
  std::vector<std::string> result;
  for (const Lesson& lesson : outcome.lessons) result.push_back(lesson.patch.id + " " + lesson.learnt);
  return result;
}

std::vector<std::string> actions(const Store& store, const std::string& patch = "") {
  std::vector<std::string> result;
  for (const Change& change : store.changes(100, patch)) result.push_back(change.action);
  return result;
}

bool lives_longer_than(const StoredPatch& patch, int days) {
  return *parse_time(patch.expires_at) > now() + std::chrono::hours(24 * days);
}

OutcomeOptions correction() {
  OutcomeOptions options;
  options.correct = true;
  options.author = {"ana", "the exit code was another job's"};
  return options;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a patch whose retry succeeded serves the job for a month from then, and one use of it is counted") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  StoredPatch patch = recommended();
  patch.uses_left = 4;
  store->put_patch(patch);
  const RecordedOutcome outcome = store->record_outcome(ended(attempt_of("j", 2)));
  CHECK(outcome.what == "recorded");
  CHECK(learnt(outcome) == Words{"p kept"});
  CHECK(outcome.lessons[0].patch.uses_left == 3);
  CHECK(outcome.lessons[0].reason == "attempt 2 of run r1 of job j succeeded");
  CHECK(lives_longer_than(*store->patch("p"), 29));
  CHECK(actions(*store, "p") == Words{"keep", "use", "put"});
  CHECK(store->changes(1)[0].by == "jobmedic outcome");
  CHECK(store->attempt("j", "r1", 2)->outcome->succeeded);
}

TEST_CASE("the next night's success counts a use, and does not fill the trail") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(recommended());
  store->record_outcome(ended(attempt_of("j", 2)));
  for (int night = 2; night < 10; ++night) {
    CHECK(learnt(store->record_outcome(ended(attempt_of("j", 1, "r" + std::to_string(night))))) == Words{"p kept"});
  }
  CHECK(actions(*store, "p") == Words{"keep", "put"});
}

TEST_CASE("a patch whose retry failed is retired: who, when and why are in the trail") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(recommended());
  const RecordedOutcome outcome = store->record_outcome(failed_with("memory_config"));
  CHECK(learnt(outcome) == Words{"p retired"});
  CHECK(store->patch("p")->disabled);
  CHECK(store->patches_for(attempt_of("j", 3), format_time(now())).empty());
  const Change change = store->changes(1)[0];
  CHECK(change.action == "retire");
  CHECK(change.by == "jobmedic outcome");
  CHECK(change.reason == "attempt 2 of run r1 of job j failed (SomeRule, memory_config)");
  CHECK(json::parse(change.before).find("disabled") == nullptr);
  CHECK(store->job_record(attempt_of("j", 3), "2026-01-01T00:00:00Z").patched_failures == 1);
}

TEST_CASE("a failure that no configuration heals says nothing about the patch") {
  for (const char* category : {"transient_infra", "user_code", "data", "dependency", "permission", "cancelled"}) {
    const Scratch scratch;
    const auto store = Store::open(scratch.url());
    store->put_patch(recommended());
    CHECK(learnt(store->record_outcome(failed_with(category))) == Words{"p left"});
    CHECK_FALSE(store->patch("p")->disabled);
    CHECK(learnt(store->record_outcome(failed_with("resource_limit", 3))) == Words{"p retired"});
  }
}

TEST_CASE("a patch that has healed more tries than it lost stays, until it no longer has") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(recommended());
  store->record_outcome(ended(attempt_of("j", 2)));
  store->record_outcome(ended(attempt_of("j", 3)));
  const RecordedOutcome first = store->record_outcome(failed_with("memory_config", 4));
  CHECK(learnt(first) == Words{"p left"});
  CHECK(first.lessons[0].reason.ends_with("failed (SomeRule, memory_config), but 2 of 3 tries with it succeeded"));
  CHECK(learnt(store->record_outcome(failed_with("", 5))) == Words{"p retired"});
}

TEST_CASE("the same outcome twice is one, and says the same") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  StoredPatch patch = recommended();
  patch.uses_left = 4;
  store->put_patch(patch);
  const bool succeeded = GENERATE(true, false);
  const Attempt attempt = ended(attempt_of("j", 2), succeeded);
  const RecordedOutcome first = store->record_outcome(attempt);
  const std::size_t changes = store->changes(100).size();
  const RecordedOutcome again = store->record_outcome(attempt);
  CHECK(again.what == "known");
  CHECK(learnt(again) == learnt(first));
  CHECK(store->changes(100).size() == changes);
  CHECK(store->patch("p")->uses_left == 3);
  CHECK(store->attempt_count() == 1);
}

TEST_CASE("an outcome may add what was not known, and keeps what was") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  Attempt known = failed_with("memory_config");
  known.config = R"({"spark.executor.memory":"2g"})";
  known.labels["failure"] = "lease is gone";
  store->record(known);
  Attempt bare = ended(attempt_of("j", 2), false);
  bare.outcome->cost_usd = 1.5;
  CHECK(store->record_outcome(bare).what == "known");
  const auto kept = store->attempt("j", "r1", 2);
  CHECK(kept->outcome->category == "memory_config");
  CHECK(kept->outcome->cost_usd == 1.5);
  CHECK(kept->config == known.config);
  CHECK(kept->labels.at("failure") == "lease is gone");
}

TEST_CASE("a contradicting outcome is refused and changes nothing") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(recommended());
  store->record_outcome(failed_with("memory_config"));
  const std::size_t changes = store->changes(100).size();
  CHECK(
      message_of([&] { return store->record_outcome(ended(attempt_of("j", 2))); }) ==
      "attempt 2 of run r1 of job j is recorded with succeeded: false, not true: correct it (--correct), and say why");
  Attempt other = failed_with("memory_config");
  other.outcome->rule = "OtherRule";
  CHECK(message_of([&] { return store->record_outcome(other); }).find("rule: SomeRule, not OtherRule") !=
        std::string::npos);
  OutcomeOptions unexplained;
  unexplained.correct = true;
  CHECK(message_of([&] { return store->record_outcome(ended(attempt_of("j", 2)), unexplained); }) ==
        "a recorded outcome is corrected for a reason: say it (--reason)");
  CHECK(message_of([&] { return store->record_outcome(attempt_of("j", 3)); }) ==
        "/outcome: is missing: how did the attempt end?");
  CHECK(store->changes(100).size() == changes);
  CHECK_FALSE(store->attempt("j", "r1", 2)->outcome->succeeded);
}

TEST_CASE("a correction is in the trail with both outcomes, and takes its lesson back") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(recommended());
  store->record_outcome(failed_with("memory_config"));
  const RecordedOutcome outcome = store->record_outcome(ended(attempt_of("j", 2)), correction());
  CHECK(outcome.what == "corrected");
  CHECK(learnt(outcome) == Words{"p restored"});
  CHECK_FALSE(store->patch("p")->disabled);
  CHECK(lives_longer_than(*store->patch("p"), 29));
  CHECK(store->attempt("j", "r1", 2)->outcome->category.empty());
  CHECK(actions(*store) == Words{"restore", "correct", "retire", "put"});
  const Change correct = store->changes(2)[1];
  CHECK(correct.by == "ana");
  CHECK(correct.reason == "the exit code was another job's");
  CHECK(Attempt::parse(correct.before).outcome->category == "memory_config");
  CHECK(Attempt::parse(correct.after).outcome->succeeded);
  CHECK(learnt(store->record_outcome(failed_with("memory_config"), correction())) == Words{"p retired"});
}

TEST_CASE("a correction in the trail is no stop of the automation") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->record_outcome(failed_with(""));
  store->stop_automation(true);
  store->record_outcome(ended(attempt_of("j", 2)), correction());
  StoredPatch patch = recommended();
  patch.uses_left = 3;
  store->put_patch(patch);
  store->record_outcome(ended(attempt_of("j", 3)));
  CHECK(store->patch("p")->uses_left == 3);  // while stopped no patch applied
  CHECK(store->automation().stopped);
  store->roll_back(0);
}

TEST_CASE("a person's patch is never touched, nor is what a person disabled put in force") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  StoredPatch by_hand = recommended("hand");
  by_hand.source = "user";
  store->put_patch(by_hand);
  CHECK(learnt(store->record_outcome(failed_with("memory_config"))) == Words{"hand left"});
  CHECK_FALSE(store->patch("hand")->disabled);
  store->enable_patch("hand", false);
  store->put_patch(recommended());
  store->record_outcome(failed_with("memory_config", 3));
  store->enable_patch("p", true);
  store->enable_patch("p", false);
  CHECK(learnt(store->record_outcome(ended(attempt_of("j", 3)), correction())) == Words{"p left"});
  CHECK(store->patch("p")->disabled);
}

TEST_CASE("what is kept and retired is set by the loop") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(recommended());
  OutcomeOptions options;
  options.loop.mode = "shadow";
  CHECK(learnt(store->record_outcome(failed_with("memory_config"), options)) == Words{"p left"});
  options.loop.mode = "act";
  options.loop.retire_failed = false;
  CHECK(learnt(store->record_outcome(failed_with("memory_config"), options)) == Words{"p left"});
  options.loop.keep_successful_days = 0;
  CHECK(learnt(store->record_outcome(ended(attempt_of("j", 3)), options)) == Words{"p retired"});
}

TEST_CASE("while automation is stopped an outcome is recorded, and no patch is touched") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(recommended());
  Attempt attempt = failed_with("memory_config");
  attempt.started_at = format_time(now() + std::chrono::seconds(1));
  store->record(attempt);  // it ran with the patch
  store->stop_automation(true);
  CHECK(learnt(store->record_outcome(attempt)) == Words{"p left"});
  CHECK_FALSE(store->patch("p")->disabled);
  store->stop_automation(false);
  CHECK(learnt(store->record_outcome(attempt)) == Words{"p retired"});  // it was not judged yet
}

TEST_CASE("a verdict that comes after the outcome is kept with it, and may clear the patch") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(recommended());
  CHECK(learnt(store->record_outcome(failed_with(""))) == Words{"p retired"});
  const OutcomeOptions options;
  store->save_remediation(
      failed_with("transient_infra"), std::nullopt, [](const std::string&) { return std::string("{}"); }, {}, &options);
  CHECK(store->attempt("j", "r1", 2)->outcome->category == "transient_infra");
  CHECK_FALSE(store->patch("p")->disabled);
}

TEST_CASE("killed at any moment, an outcome is recorded with all that it taught, or not at all") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  constexpr int rounds = 50;
  int recorded = 0;
  const auto started = std::chrono::steady_clock::now();
  store->record_outcome(ended(attempt_of("first")));
  const auto one = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
  for (int round = 0; round < rounds; ++round) {
    const std::string job = "j" + std::to_string(round);
    StoredPatch patch = recommended(job, job);
    patch.uses_left = 5;
    store->put_patch(patch);
    Process dying({scratch.url(), "outcome", ended(attempt_of(job, 2), round % 2 == 0).to_json()});
    REQUIRE(dying.line() == "ready");
    std::string told;
    if (round % 10 == 9) {
      told = dying.line();
    } else {
      ::usleep(static_cast<useconds_t>(one.count() * round / rounds));
    }
    dying.kill();
    const bool acknowledged = (told + dying.rest_of_output()).starts_with("recorded");
    const bool there = store->attempt(job, "r1", 2).has_value();
    CHECK((there || !acknowledged));
    recorded += there ? 1 : 0;
    const StoredPatch after = *store->patch(job);
    CHECK(after.uses_left == (there ? 4 : 5));
    CHECK(store->changes(10, job).size() == (there ? 3 : 1));
    CHECK(after.disabled == (there && round % 2 != 0));
    CHECK((after.expires_at != patch.expires_at) == (there && round % 2 == 0));
    store->record_outcome(ended(attempt_of(job, 2), round % 2 == 0));
    CHECK(store->patch(job)->uses_left == 4);
  }
  CHECK(recorded >= 5);
  CHECK(scratch.intact());
}

TEST_CASE("two processes that record one outcome count it once") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  for (int round = 0; round < 20; ++round) {
    const std::string job = "j" + std::to_string(round);
    StoredPatch patch = recommended(job, job);
    patch.uses_left = 5;
    store->put_patch(patch);
    const std::string attempt = ended(attempt_of(job, 2)).to_json();
    Process one({scratch.url(), "outcome", attempt});
    Process two({scratch.url(), "outcome", attempt});
    const std::string told = one.rest_of_output() + two.rest_of_output();
    CHECK(((told == "ready\nrecorded\nready\nknown\n") || (told == "ready\nknown\nready\nrecorded\n")));
    CHECK(store->patch(job)->uses_left == 4);
    CHECK(actions(*store, job) == Words{"keep", "use", "put"});
  }
}
