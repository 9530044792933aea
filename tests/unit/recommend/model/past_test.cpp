// What the earlier runs of a job teach about one of its failures.
#include "recommend/model/past.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "fixtures.hpp"
#include "recommend/model/features.hpp"

using namespace jobmedic;
using namespace jobmedic::model;

namespace {

// A run of one core, so many hours after the first.
Attempt run(int hour, int memory_mib, bool succeeded, double input_bytes) {
  Attempt attempt = fixtures::attempt("j", fmt::format("r{}", hour), 2, memory_mib, succeeded);
  attempt.started_at = fmt::format("2026-11-21T{:02}:00:00Z", hour);
  attempt.metrics = {{"input_bytes", input_bytes}};
  return attempt;
}

Lessons lessons(const Attempt& failed, const std::vector<Attempt>& past) {
  const Space space = fixtures::space();
  return lessons_of(failed, configured(failed, space), read_past(past, space), space, 0, "peak_rss_bytes");
}

}  // namespace

TEST_CASE("what worked for an input as large is proven, what worked for a smaller one grows with the input") {
  const Attempt failed = run(9, 512, false, 2e9);
  const Lessons all = lessons(failed, {run(1, 4096, true, 3e9), run(2, 2048, true, 2e9), run(3, 1024, true, 1e9)});
  CHECK(std::exp2(all.proven) == Approx(2048));
  CHECK(std::exp2(all.guessed) == Approx(2048));
}

TEST_CASE("a failure proves too little only for inputs as large") {
  const Attempt failed = run(9, 512, false, 2e9);
  CHECK(std::exp2(lessons(failed, {run(1, 1024, false, 1e9)}).failed) == Approx(1024));
  CHECK(std::exp2(lessons(failed, {run(1, 1024, false, 4e9)}).failed) == Approx(512));
}

TEST_CASE("runs with other settings prove nothing, but are told apart") {
  Attempt other = run(1, 2048, true, 2e9);
  other.config = R"({"memory": "2048m", "cores": "4"})";
  const Lessons all = lessons(run(9, 512, false, 2e9), {other});
  CHECK(std::isnan(all.proven));
  CHECK(std::exp2(all.other) == Approx(2048));
}

TEST_CASE("peaks that grow with the input tell the need of a larger one") {
  std::vector<Attempt> past;
  for (int i = 1; i <= 6; ++i) {
    past.push_back(run(i, 8192, true, std::exp2(i) * 1e8));
    past.back().metrics["peak_rss_bytes"] = std::exp2(i) * 100 * 1048576;
  }
  const Lessons all = lessons(run(9, 512, false, std::exp2(7) * 1e8), past);
  CHECK(all.need == Approx(std::log2(12800)).margin(0.15));
  CHECK(all.spread < 0.5);
}

TEST_CASE("without a past nothing is known but the failure itself") {
  const Lessons none = lessons(run(9, 512, false, 2e9), {});
  CHECK(std::isnan(none.proven));
  CHECK(std::exp2(none.failed) == Approx(512));
}

TEST_CASE("only what had ended is past, and lower tries of the same run") {
  const std::vector<Attempt> history = {run(3, 512, true, 1), run(5, 512, false, 1), run(7, 512, true, 1)};
  const Pasts pasts(history);
  const auto before = pasts.before(history[1]);
  REQUIRE(before.size() == 1);
  CHECK(before[0]->run == "r3");
  Attempt third = history[1];
  third.attempt = 3;
  third.started_at.clear();
  CHECK(pasts.before(third).size() == 1);
}

TEST_CASE("the past found by search is the one found by looking at every run") {
  Random random(5);
  std::vector<Attempt> history;
  for (int i = 0; i < 400; ++i) {
    Attempt attempt = run(static_cast<int>(random.below(20)), 512, random.below(2) == 0, 1);
    attempt.run = fmt::format("r{}", random.below(120));
    attempt.attempt = static_cast<std::int64_t>(1 + random.below(4));
    if (random.below(10) == 0) attempt.started_at.clear();
    if (random.below(10) == 0) attempt.outcome->category = "cancelled";
    history.push_back(attempt);
  }
  const auto naive = [&](const Attempt& failed) {
    std::vector<const Attempt*> runs;
    for (const Attempt& attempt : history) {
      if (attempt.outcome->category != "cancelled") runs.push_back(&attempt);
    }
    std::stable_sort(runs.begin(), runs.end(), [](auto* a, auto* b) { return end_of(*a) < end_of(*b); });
    std::erase_if(runs, [&](const Attempt* attempt) {
      if (attempt->run == failed.run) return attempt->attempt >= failed.attempt;
      return !end_of(*attempt) || !end_of(failed) || *end_of(*attempt) > *end_of(failed);
    });
    if (runs.size() > most_past_runs) runs.erase(runs.begin(), runs.end() - most_past_runs);
    return runs;
  };
  const Pasts pasts(history);
  for (const Attempt& failed : history) CHECK(pasts.before(failed) == naive(failed));
}
