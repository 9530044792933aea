#include "recommend/model/examples.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>

#include "fixtures.hpp"
#include "test_data.hpp"

using namespace jobmedic;
using namespace jobmedic::model;
using Catch::Detail::Approx;

namespace {
Attempt of_grid(const std::string& run, const std::string& input, int memory, bool succeeded) {
  Attempt attempt = fixtures::attempt("gridded", run, 1, memory, succeeded);
  attempt.labels = {{"grid", "yes"}, {"input", input}};
  return attempt;
}
}  // namespace

TEST_CASE("a failed attempt's examples are the later tries of its run") {
  const Space space = fixtures::space();
  const std::vector<Attempt> history = {
      fixtures::attempt("a", "1", 1, 512, false), fixtures::attempt("a", "1", 2, 1024, false),
      fixtures::attempt("a", "1", 3, 2048, true), fixtures::attempt("a", "2", 2, 4096, true),
      fixtures::attempt("b", "1", 2, 4096, true)};
  const ExampleSet set = make_examples(history, space);
  REQUIRE(set.examples.size() == 3);
  CHECK(set.failed.size() == 2);
  CHECK(set.examples[0].point[0] == 1024);
  CHECK(set.examples[0].fails);
  CHECK(set.examples[1].point[0] == 2048);
  CHECK_FALSE(set.examples[1].fails);
  CHECK(set.examples[1].weight == Approx(0.5));
  CHECK(set.examples[2].weight == Approx(1));
  CHECK(set.examples[2].cost_usd == Approx(2.048));
}

TEST_CASE("of a grid, any other run of the same job and input is an example") {
  const Space space = fixtures::space();
  const std::vector<Attempt> history = {of_grid("1", "small", 512, false), of_grid("2", "small", 256, false),
                                        of_grid("3", "small", 1024, true), of_grid("4", "large", 1024, false)};
  const ExampleSet set = make_examples(history, space);
  CHECK(set.failures == 3);
  CHECK(set.failed.size() == 2);  // nothing else was tried on the large input
  CHECK(set.examples.size() == 4);
}

TEST_CASE("later tries that were cancelled or have no outcome tell nothing") {
  const Space space = fixtures::space();
  std::vector<Attempt> history = {fixtures::attempt("a", "1", 1, 512, false),
                                  fixtures::attempt("a", "1", 2, 512, false),
                                  fixtures::attempt("a", "1", 3, 512, true)};
  history[1].outcome->category = "cancelled";
  history[2].outcome.reset();
  CHECK(make_examples(history, space).examples.empty());
}

TEST_CASE("an attempt whose configuration cannot be read is left out and counted") {
  const Space space = fixtures::space();
  std::vector<Attempt> history = fixtures::history();
  const std::size_t before = make_examples(history, space).failed.size();
  history[0].config = R"({"memory": "plenty"})";
  const ExampleSet set = make_examples(history, space);
  CHECK(set.unreadable == 1);
  CHECK(set.failed.size() == before - 1);
}

TEST_CASE("a job is wholly in one fold, and every fold has about its share") {
  const std::vector<Attempt> history = fixtures::history(20);
  const Space space = fixtures::space();
  const ExampleSet set = make_examples(history, space);
  const std::vector<std::uint32_t> folds = folds_by_job(set.job_of, set.jobs.size(), 4, 1);
  REQUIRE(folds.size() == set.failed.size());
  std::map<std::uint32_t, std::set<std::uint32_t>> of_job;
  std::map<std::uint32_t, std::size_t> size;
  for (std::size_t i = 0; i < folds.size(); ++i) {
    of_job[set.job_of[i]].insert(folds[i]);
    ++size[folds[i]];
  }
  for (const auto& [job, seen] : of_job) CHECK(seen.size() == 1);
  REQUIRE(size.size() == 4);
  for (const auto& [fold, count] : size) CHECK(count >= folds.size() / 8);
}

TEST_CASE("the weights of each recorded Spark failure sum to 1, with its past and without together") {
  REQUIRE_TEST_DATA("spark-retries/attempts.jsonl");
  std::ifstream lines(test_data("spark-retries/attempts.jsonl"));
  std::vector<Attempt> history;
  for (std::string line; std::getline(lines, line);) history.push_back(Attempt::parse(line));
  const Space space = Space::shipped("spark");
  const ExampleSet set = make_examples(history, space);
  CHECK(set.attempts == 574);
  CHECK(set.failures == 145);
  CHECK(set.unreadable == 0);
  std::map<const Attempt*, double> sum;
  for (const Example& example : set.examples) sum[&set.failed[example.failed].attempt()] += example.weight;
  CHECK(sum.size() > 130);
  CHECK(set.failed.size() > sum.size());
  for (const auto& [failed, weight] : sum) CHECK(weight == Approx(1));
}
