#include "recommend/replay/reliability.hpp"

#include <catch2/catch.hpp>

using namespace jobmedic;
using namespace jobmedic::replayed;

namespace {

// Probabilities that are true, or too low by `bias`, on many jobs.
std::vector<Foretold> foretold(std::uint32_t jobs, int each, double bias) {
  Random random(5);
  std::vector<Foretold> all;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    for (int i = 0; i < each; ++i) {
      const double p = 0.1 + 0.8 * random.uniform();
      all.push_back({job, p, random.uniform() < p + bias, 1});
    }
  }
  return all;
}

}  // namespace

TEST_CASE("true probabilities have no error but chance, which is taken off") {
  const Reliability good = reliability(foretold(100, 50, 0), 300, 1);
  CHECK(good.error < 0.02);
  CHECK(good.verdict == "good");
  CHECK(good.examples == 5000);
  CHECK(good.jobs == 100);
}

TEST_CASE("probabilities that are a tenth too low have an error of a tenth") {
  const Reliability bad = reliability(foretold(100, 50, 0.1), 300, 1);
  CHECK(bad.error == Approx(0.1).margin(0.02));
  CHECK(bad.verdict == "bad");
}

TEST_CASE("where few jobs speak the verdict is open") {
  CHECK(reliability(foretold(3, 15, 0), 300, 1).verdict == "undecided");
}

TEST_CASE("nothing foretold is no error") {
  CHECK(reliability({}, 100, 1).error == 0);
}
