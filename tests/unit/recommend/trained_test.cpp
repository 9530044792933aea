// recommend() with a really trained model, on recorded failures of jobs the model has never seen.
#include <catch2/catch.hpp>
#include <iostream>

#include "cliff.hpp"
#include "history.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/recommend.hpp"

using namespace jobmedic;

namespace {

bool held_out(const Attempt& attempt) {
  return attempt.job.rfind("collect_list", 0) == 0 || attempt.job.rfind("shuffle_hash", 0) == 0;
}

struct Tally {
  int failures = 0;
  int patched = 0;
  int healed = 0;        // at least as much executor memory as was seen to work, all else equal
  double overshoot = 0;  // sum of given over needed memory, where healed
};

Tally heal(const std::vector<Attempt>& attempts, const Model& model, const Space& space, const Policy& policy) {
  const auto least = history::healing_memory(attempts);
  Tally tally;
  for (const Attempt& attempt : attempts) {
    const auto needed = least.find(history::rest_of(attempt));
    if (!held_out(attempt) || attempt.outcome->succeeded || needed == least.end()) continue;
    if (history::executor_mib(attempt.config) >= needed->second) continue;
    ++tally.failures;
    const auto answer = recommend(attempt, memory_verdict("ExecutorHeapOutOfMemory"), &model, space, policy);
    if (answer.decision != "retry_with_patch") continue;
    ++tally.patched;
    const double given = history::executor_mib(apply_patch(attempt.config, answer.patch));
    if (given < needed->second) continue;
    ++tally.healed;
    tally.overshoot += given / needed->second;
  }
  return tally;
}

}  // namespace

TEST_CASE("a trained model heals recorded failures of jobs it has never seen") {
  REQUIRE_TEST_DATA("spark-retries/attempts.jsonl");
  const std::vector<Attempt> attempts = history::load();
  std::vector<Attempt> known;
  std::copy_if(attempts.begin(), attempts.end(), std::back_inserter(known),
               [](const Attempt& attempt) { return !held_out(attempt); });
  const Space space = Space::shipped("spark");
  TrainingOptions options;
  options.version = "test.1";
  const auto trained = train(known, space, options);
  const auto model = Model::parse(trained.safetensors);
  Policy policy;
  policy.deadline = std::chrono::seconds(60);

  const Tally tally = heal(attempts, *model, space, policy);
  INFO(tally.healed << " healed, " << tally.patched << " patched of " << tally.failures << "; memory given over needed "
                    << tally.overshoot / tally.healed);
  REQUIRE(tally.failures > 20);
  CHECK(tally.healed >= tally.failures / 2);
  CHECK(tally.overshoot <= 4 * tally.healed);
}
