#include "recommend/model/cohort.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/hash.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "recommend/model/examples.hpp"
#include "recommend/model/fixtures.hpp"

using namespace jobmedic;
using namespace jobmedic::model;
using Catch::Detail::Approx;

namespace {

// Jobs that all need the same two amounts, 1 GiB and 8 GiB, in MiB.
Cohort small_or_large() {
  CohortFit fit;
  for (std::uint64_t job = 0; job < 40; ++job) {
    for (std::uint64_t run = 0; run < 10; ++run) fit.add(job, run, job % 2 == 0 ? 10 : 13);
  }
  return fit.result();
}

constexpr std::uint64_t stranger = 1000;

}  // namespace

TEST_CASE("a job of which nothing is known is expected to need what others need that failed with as little") {
  const CohortOdds odds(small_or_large(), stranger, 9);
  CHECK(odds(0, 9.5) < -2);
  CHECK(odds(0, 11.5) == Approx(0).margin(0.1));  // half of them need no more
  CHECK(odds(0, 12.5) == Approx(0).margin(0.1));
  CHECK(odds(0, 13.5) > 3);
}

TEST_CASE("what others needed counts only above what failed") {
  const CohortOdds odds(small_or_large(), stranger, 11);
  CHECK(odds(0, 12) < -2);  // half of all, but none of those that need more than 2 GiB
  CHECK(odds(0, 13.5) > 3);
}

TEST_CASE("more memory never lowers the odds of the cohort, and they are bounded") {
  for (const double failed : {5.0, 9.0, 12.9, 20.0}) {
    const CohortOdds odds(small_or_large(), stranger, failed);
    for (std::size_t width = 0; width < CohortOdds::widths; ++width) {
      double before = -CohortOdds::most_odds;
      for (double now = failed - 2; now < failed + 20; now += 0.01) {
        const double here = odds(width, now);
        REQUIRE(here >= before - 1e-12);
        REQUIRE(here <= CohortOdds::most_odds);
        before = here;
      }
    }
  }
}

TEST_CASE("a job does not tell what it needs itself") {
  CohortFit fit;
  fit.add(1, 1, 12);
  fit.add(2, 1, 10);
  const Cohort cohort = fit.result();
  CHECK(CohortOdds(cohort, 2, 9)(0, 11) < 0);  // job 1 needs more
  CHECK(CohortOdds(cohort, 1, 9)(0, 11) > 0);
}

TEST_CASE("without other jobs the odds say how far above what failed it is, and nothing without a cohort") {
  const CohortOdds odds({}, stranger, 9);
  CHECK(odds(0, 13) == Approx(0).margin(0.1));  // the middle of eight octaves
  CHECK(CohortOdds()(0, 13) == 0);
}

TEST_CASE("of too many jobs and runs a sample is kept, whatever their order") {
  CohortFit forth, back;
  constexpr std::uint64_t jobs = 2000, runs = 100;
  for (std::uint64_t i = 0; i < jobs * runs; ++i) {
    const auto add = [](CohortFit& fit, std::uint64_t n) {
      const std::string job = std::to_string(n / runs), run = std::to_string(n % runs);
      fit.add(hash64(job), hash64(run), 10 + std::log2(1 + static_cast<double>(n % runs)));
    };
    add(forth, i);
    add(back, jobs * runs - 1 - i);
  }
  const Cohort cohort = forth.result();
  CHECK(cohort.needs.size() == Cohort::most_jobs);
  CHECK(cohort.needs.begin()->second.size() == Cohort::most_needs);
  CHECK(cohort.needs == back.result().needs);
}

TEST_CASE("a cohort travels with the model, and a hostile one is refused") {
  const Cohort cohort = small_or_large();
  CHECK(Cohort::from_json(json::Reader(cohort.to_json())).needs == cohort.needs);
  for (const char* hostile : {R"({"job":[1]})", R"({"f0123456789abcdef":[1]})", R"({"1":[]})", R"({"1":["2"]})",
                              R"({"1":[1e9]})", R"({"1":[1,2,3,4,5,6,7,8,9]})", R"([1])"}) {
    const json::Value value = json::parse(hostile);
    CHECK_THROWS_AS(Cohort::from_json(json::Reader(value)), Error);
  }
}

TEST_CASE("a schema learns what the jobs needed from the peaks of their successes") {
  const std::vector<Attempt> history = fixtures::history();
  const Space space = fixtures::space();
  const FeatureSchema schema = fit_schema(make_examples(history, space), history, space);
  REQUIRE(schema.parameters[0].name == "memory");
  const Cohort& cohort = schema.parameters[0].cohort;
  REQUIRE(cohort.needs.size() == 12);  // jobs
  for (const auto& [job, needs] : cohort.needs) {
    CHECK(needs.back() == Approx(needs.front()).margin(0.01));  // each needs the same in all its runs
    CHECK(needs.front() > std::log2(500));
  }
  const FeatureSchema again = FeatureSchema::from_json(schema.to_json());
  CHECK(again.parameters[0].cohort.needs == cohort.needs);
  CHECK(again.monotone_size() == schema.monotone_size());
}
