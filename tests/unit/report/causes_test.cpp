#include <catch2/catch.hpp>

#include "history.hpp"

using namespace jobmedic;

namespace {

// Two jobs: three failures of memory (one of a run that was healed), one unknown, two successes.
void fill(const History& history) {
  history.failed({.job = "a", .run = "1", .cost_usd = 2});
  history.succeeded({.job = "a", .run = "1", .number = 2, .started_at = "2026-11-02T04:00:00Z", .cost_usd = 3});
  history.failed({.job = "a", .run = "2", .started_at = "2026-11-03T03:00:00Z", .cost_usd = 4});
  history.failed({.job = "b", .run = "1", .started_at = "2026-11-03T23:30:00-01:00", .cost_usd = 5});
  history.failed({.job = "b", .run = "2", .started_at = "", .cost_usd = {}, .rule = "", .category = ""});
  history.succeeded({.job = "b", .run = "3", .started_at = "2026-11-05T00:00:00Z", .cost_usd = 7});
}

}  // namespace

TEST_CASE("tries, failures and their cost add up") {
  const History history;
  fill(history);
  const Report report = history.report();
  CHECK(report.attempts == 6);
  CHECK(report.jobs == 2);
  CHECK(report.failed.hits == 4);
  CHECK(report.unclassified.hits == 1);
  CHECK(report.unclassified.of == 4);
  CHECK(report.cost_usd == 21);
  CHECK(report.failed_cost_usd == 11);
  CHECK(report.without_cost == 1);
  CHECK(report.without_start == 1);
  CHECK(report.first == "2026-11-02T03:00:00Z");
  CHECK(report.last == "2026-11-05T00:00:00Z");
}

TEST_CASE("causes come with their jobs, cost and trend, most failures first") {
  const History history;
  fill(history);
  const Report report = history.report();
  REQUIRE(report.categories.size() == 2);
  CHECK(report.categories[0].category == "memory_config");
  CHECK(report.categories[0].failures == 3);
  CHECK(report.categories[0].jobs == 2);
  CHECK(report.categories[0].cost_usd == 11);
  CHECK(report.bucket == "day");
  CHECK(report.categories[0].trend == std::vector<std::uint64_t>{1, 1, 1, 0});
  CHECK(report.categories[1].category.empty());
  CHECK(report.categories[1].trend == std::vector<std::uint64_t>{0, 0, 0, 0});
  REQUIRE(report.rules.size() == 1);
  CHECK(report.rules[0].rule == "Heap");
  REQUIRE(report.buckets.size() == 4);
  CHECK(report.buckets[0].attempts == 2);
  CHECK(report.buckets[2].from == "2026-11-04T00:00:00Z");
  CHECK(report.buckets[2].memory == 1);
}

TEST_CASE("a period takes what started in it, and nothing whose start is unknown") {
  const History history;
  fill(history);
  ReportOptions options;
  options.since = "2026-11-03T00:00:00Z";
  options.until = "2026-11-05T00:00:00Z";
  const Report report = history.report(options);
  CHECK(report.attempts == 2);
  CHECK(report.failed.hits == 2);
  CHECK(report.without_start == 0);
  CHECK(report.buckets.size() == 2);
}

TEST_CASE("jobs are listed by what their failed tries cost") {
  const History history;
  fill(history);
  ReportOptions options;
  options.top = 1;
  const Report report = history.report(options);
  REQUIRE(report.expensive_jobs.size() == 1);
  CHECK(report.expensive_jobs[0].job == "a");
  CHECK(report.expensive_jobs[0].failed_cost_usd == 6);
  CHECK(report.expensive_jobs[0].cost_usd == 9);
  CHECK(report.expensive_jobs[0].attempts == 3);
  CHECK(report.expensive_jobs[0].failures == 2);
  CHECK(report.expensive_jobs[0].rule == "Heap");
}

TEST_CASE("failures that no rule knew are counted by the template of their most telling line") {
  const History history;
  for (int i = 0; i < 3; ++i) {
    const Attempt attempt = attempt_of("job" + std::to_string(i % 2), 1, std::to_string(i));
    history.failed({.job = attempt.job,
                    .run = attempt.run,
                    .started_at = "2026-11-0" + std::to_string(i + 1) + "T00:00:00Z",
                    .cost_usd = 2,
                    .rule = "",
                    .category = ""});
    history.store->keep_telling(attempt, {{"", "Lost lease " + std::to_string(i), "", "driver.stderr", 90, 1},
                                          {"", "something else", "", "driver.stderr", 10, 1}});
  }
  const Report report = history.report();
  CHECK(report.unclassified_known == 3);
  REQUIRE(report.templates.size() == 1);
  CHECK(report.templates[0].text == "Lost lease <*>");
  CHECK(report.templates[0].failures == 3);
  CHECK(report.templates[0].jobs == 2);
  CHECK(report.templates[0].cost_usd == 6);
  ReportOptions options;
  options.since = "2026-11-02T00:00:00Z";
  CHECK(history.report(options).templates.at(0).failures == 2);
}

TEST_CASE("what cannot be a period, or no list, is refused") {
  const History history;
  const auto refusal = [&](const std::function<void(ReportOptions&)>& change) {
    ReportOptions options;
    change(options);
    return message_of([&] { return history.report(options); });
  };
  CHECK(refusal([](auto& options) { options.since = "yesterday"; }) == "since: \"yesterday\" is no time (RFC 3339)");
  CHECK(refusal([](auto& options) {
          options.since = "2026-11-02T00:00:00Z";
          options.until = "2026-11-01T00:00:00Z";
        }).starts_with("the period is empty"));
  CHECK(refusal([](auto& options) { options.top = 0; }) == "top: must be 1 to 1000");
  CHECK(refusal([](auto& options) { options.unchanged_retries = 21; }) == "unchanged_retries: must be 1 to 20");
}
