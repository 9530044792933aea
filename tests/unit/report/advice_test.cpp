#include <catch2/catch.hpp>

#include "history.hpp"

using namespace jobmedic;

TEST_CASE("a retry is avoided where jobmedic said no, the scheduler had one left, and none followed") {
  const History history;
  history.failed({.job = "a", .cost_usd = 3});
  history.answered("a", "r", 1, {.decision = "do_not_retry"});
  history.failed({.job = "last", .number = 4});
  history.answered("last", "r", 4, {.decision = "do_not_retry"});
  history.failed({.job = "retried"});
  history.answered("retried");
  const Avoided avoided = history.report().avoided;
  CHECK(avoided.retries == 1);
  CHECK(avoided.jobs == 1);
  CHECK(avoided.failed_cost_usd == 3);
  CHECK(avoided.wrongly.of == 0);
}

TEST_CASE("a refusal was wrong where the same configuration then worked, also in shadow mode") {
  const History history;
  for (const char* job : {"by hand", "failed again", "changed"}) {
    history.failed({.job = job});
    history.answered(job, "r", 1, {.decision = "do_not_retry"});
  }
  history.succeeded({.job = "by hand", .number = 2});
  history.failed({.job = "failed again", .number = 2});
  history.succeeded({.job = "changed", .number = 2, .config = R"({"memory":"8g"})"});
  history.failed({.job = "shadow"});
  history.answered("shadow", "r", 1, {.more = R"("mode":"shadow","would":{"restart":false},)"});
  history.succeeded({.job = "shadow", .number = 2});
  const Report report = history.report();
  CHECK(report.avoided.retries == 0);
  CHECK(report.avoided.wrongly.hits == 2);
  CHECK(report.avoided.wrongly.of == 3);
  CHECK(report.automation.shadow == 1);
}

TEST_CASE("a prediction is held against the retry that it was about") {
  const History history;
  const auto judged = [&](const std::string& job, double predicted, double unchanged, const char* config, bool failed) {
    history.failed({.job = job});
    history.answered(job, "r", 1, {.predicted = predicted, .unchanged = unchanged});
    if (failed) {
      history.failed({.job = job, .number = 2, .config = config});
    } else {
      history.succeeded({.job = job, .number = 2, .config = config});
    }
  };
  judged("a", 0.15, 0.95, R"({"memory":"2g"})", false);
  judged("b", 0.17, 0.95, R"({"memory":"2g"})", true);
  judged("c", 0.15, 1.0, R"({"memory":"1g"})", true);
  judged("d", 0.15, 0.95, R"({"memory":"9g"})", false);  // about neither
  const Calibration calibration = history.report().calibration;
  REQUIRE(calibration.bins.size() == 10);
  CHECK(calibration.bins[1].predicted == Approx(0.16));
  CHECK(calibration.bins[1].failed.hits == 1);
  CHECK(calibration.bins[1].failed.of == 2);
  CHECK(calibration.bins[9].predicted == Approx(1));
  CHECK(calibration.bins[9].failed.hits == 1);
  CHECK(calibration.failed.of == 3);
  CHECK(calibration.predicted == Approx((0.15 + 0.17 + 1) / 3));
  CHECK(calibration.brier == Approx((0.15 * 0.15 + 0.83 * 0.83) / 3));
}

TEST_CASE("answers are counted by decision and by what decided") {
  const History history;
  for (const char* job : {"a", "b", "c", "q"}) history.failed({.job = job});
  history.answered("a");
  history.answered("b", "r", 1, {.decision = "retry_unchanged", .method = "verdict"});
  history.answered("c", "r", 1, {.more = R"("stopped":{"since":""},)"});  // decided nothing
  history.answered("q", "r", 1, {.decision = "do_not_retry", .more = R"("quarantined":true,)"});
  const AutomationState state = history.report().automation;
  CHECK(state.decisions ==
        std::map<std::string, std::uint64_t>{{"do_not_retry", 1}, {"retry_unchanged", 1}, {"retry_with_patch", 1}});
  CHECK(state.methods == std::map<std::string, std::uint64_t>{{"model", 2}, {"verdict", 1}});
  CHECK(state.quarantined == 1);
  CHECK(state.quarantined_jobs == std::vector<std::string>{"q"});
}

TEST_CASE("a remediation that is no such document counts as no answer") {
  const History history;
  history.failed({});
  for (const char* document : {R"({"retry":7})", "[]", R"({"recommendation":{"patch":3},"retry":{"restart":"yes"}})"}) {
    const std::string run = document;
    history.failed({.run = run});
    history.store->save_remediation(attempt_of("j", 1, run), std::nullopt,
                                    [&](const std::string&) { return document; });
  }
  CHECK(history.report().healing.at_first.of == 4);
}
