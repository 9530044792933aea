#include "recommend/model/prepare.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "fixtures.hpp"

using namespace jobmedic;
using namespace jobmedic::model;

namespace {

History in_parts(const std::vector<Attempt>& history, const std::vector<std::size_t>& sizes) {
  return [&history, sizes](const std::function<void(std::span<const Attempt>)>& visit) {
    std::span<const Attempt> rest = history;
    for (const std::size_t size : sizes) {
      visit(rest.first(size));
      rest = rest.subspan(size);
    }
    visit(rest);
  };
}

// Where the attempts of each job end, one job after the other.
std::vector<std::size_t> by_job(const std::vector<Attempt>& history) {
  std::vector<std::size_t> sizes(1, 0);
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (i > 0 && history[i].job != history[i - 1].job) sizes.push_back(0);
    ++sizes.back();
  }
  sizes.pop_back();
  return sizes;
}

void check_equal(const Prepared& a, const Prepared& b) {
  CHECK(json::write(a.schema.to_json()) == json::write(b.schema.to_json()));
  REQUIRE(a.rows() == b.rows());
  CHECK(a.fails == b.fails);
  CHECK(a.weight == b.weight);
  CHECK(a.jobs == b.jobs);
  CHECK(a.job_of == b.job_of);
  Candidate one, other;
  for (std::size_t row = 0; row < a.rows(); ++row) {
    CHECK(a.batch.context(a.batch.attempt_of(row)).numbers == b.batch.context(b.batch.attempt_of(row)).numbers);
    a.batch.candidate(row, one);
    b.batch.candidate(row, other);
    CHECK(one.numbers == other.numbers);
    CHECK(one.monotone == other.monotone);
  }
}

}  // namespace

TEST_CASE("a history read job by job gives the numbers that it gives in one piece") {
  const std::vector<Attempt> history = fixtures::history(6, 4);
  const Space space = fixtures::space();
  const Prepared whole = prepare(in_parts(history, {}), space, {});
  CHECK(whole.attempts == history.size());
  CHECK(whole.jobs.size() == 6);
  check_equal(prepare(in_parts(history, by_job(history)), space, {}), whole);
}

TEST_CASE("the witness sees every row, in the order of the rows") {
  const std::vector<Attempt> history = fixtures::history(6, 4);
  const Space space = fixtures::space();
  std::vector<float> fails;
  std::size_t told = 0, failed = 0;
  const Prepared data =
      prepare(in_parts(history, by_job(history)), space, {}, [&](const ExampleSet& part, std::size_t n) {
        for (const Example& example : part.examples) fails.push_back(example.fails ? 1 : 0);
        failed += part.failed.size();
        told = n;
      });
  CHECK(fails == data.fails);
  CHECK(told == failed);
  CHECK(data.batch.attempts() == failed);
}

TEST_CASE("the range of a history is that of the starts on record") {
  std::vector<Attempt> history = fixtures::history(2, 2);
  const Space space = fixtures::space();
  CHECK(prepare(in_parts(history, {}), space, {}).from.empty());
  history[2].started_at = "2026-11-03T00:00:00Z";
  history[1].started_at = "2026-11-21T03:04:05Z";
  history[0].started_at = "no time";
  const Prepared data = prepare(in_parts(history, {}), space, {});
  CHECK(data.from == "2026-11-03T00:00:00Z");
  CHECK(data.to == "2026-11-21T03:04:05Z");
}

TEST_CASE("a row comes back out of the batch as it was put in") {
  Batch batch;
  batch.add_attempt({{1, 2}, {{7, 8, 9}, {1, 1, 0.5F}}});
  batch.add_row({{3}, {4, 5}, {}});
  batch.add_attempt({{6, 7}, {}});
  batch.add_row({{8}, {9, 10}, {11}});
  batch.add_row({{12}, {13, 14}, {15, 16}});
  CHECK(batch.attempts() == 2);
  CHECK(batch.context(0).numbers == std::vector<float>{1, 2});
  CHECK(batch.context(0).tokens.buckets == std::vector<std::uint32_t>{7, 8, 9});
  CHECK(batch.context(1).tokens.buckets.empty());
  Candidate candidate;
  batch.candidate(2, candidate);
  CHECK(batch.attempt_of(2) == 1);
  CHECK(candidate.numbers == std::vector<float>{12});
  CHECK(candidate.monotone == std::vector<float>{13, 14});
  CHECK(candidate.choices == std::vector<std::uint32_t>{15, 16});
}
