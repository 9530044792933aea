#include <catch2/catch.hpp>

#include "history.hpp"

using namespace jobmedic;

namespace {
constexpr const char* patched = R"({"memory":"2g","cores":"1"})";  // more than the patch set
}

TEST_CASE("a run with a memory failure is healed at the first retry, within three, or not") {
  const History history;
  history.failed({.run = "first"});
  history.succeeded({.run = "first", .number = 2});
  history.failed({.run = "third"});
  history.failed({.run = "third", .number = 2});
  history.failed({.run = "third", .number = 3});
  history.succeeded({.run = "third", .number = 4});
  history.failed({.run = "fourth"});
  for (int number = 2; number <= 4; ++number) history.failed({.run = "fourth", .number = number});
  history.succeeded({.run = "fourth", .number = 5});
  history.failed({.run = "alone"});
  history.failed({.run = "other", .rule = "Syntax", .category = "user_code"});
  history.succeeded({.run = "other", .number = 2});
  const Healing healing = history.report().healing;
  CHECK(healing.at_first.hits == 1);
  CHECK(healing.at_first.of == 4);
  CHECK(healing.within_three.hits == 2);
  CHECK(healing.not_retried == 1);
  CHECK(healing.at_first_patched.hits == 0);
}

TEST_CASE("healed with the patch is only what ran with all of it") {
  const History history;
  for (const char* job : {"with", "without", "unasked"}) history.failed({.job = job});
  history.answered("with");
  history.answered("without");
  history.succeeded({.job = "with", .number = 2, .config = patched});
  history.succeeded({.job = "without", .number = 2, .config = R"({"memory":"4g"})"});
  history.succeeded({.job = "unasked", .number = 2, .config = patched});
  const Healing healing = history.report().healing;
  CHECK(healing.at_first.hits == 3);
  CHECK(healing.at_first_patched.hits == 1);
  CHECK(healing.within_three_patched.hits == 1);
}

TEST_CASE("runs of a recorded grid are experiments, and left out") {
  const History history;
  history.failed({.labels = {{"grid", "yes"}}});
  const Report report = history.report();
  CHECK(report.attempts == 0);
  CHECK(report.in_grids == 1);
  CHECK(report.expensive_jobs.empty());
  CHECK(report.healing.at_first.of == 0);
}

TEST_CASE("a failure counts in its period with what became of it later") {
  const History history;
  history.failed({.started_at = "2026-11-30T23:59:00Z"});
  history.succeeded({.number = 2, .started_at = "2026-12-01T00:10:00Z"});
  ReportOptions november, december;
  november.until = december.since = "2026-12-01T00:00:00Z";
  CHECK(history.report(november).healing.at_first.hits == 1);
  CHECK(history.report(november).attempts == 1);
  CHECK(history.report(december).healing.at_first.of == 0);
}
