#include "recommend/replay/tally.hpp"

#include <catch2/catch.hpp>

using namespace jobmedic;
using namespace jobmedic::replayed;

namespace {

// A policy that costs and heals so much of 100.
Tally point(double cost, double healed) {
  Tally tally;
  tally.healable = tally.failures = tally.oracle_usd = 100;
  tally.at_first = healed;
  tally.cost_usd = 100 * cost;
  return tally;
}

Played healed_for(double usd, int at = 1) {
  return {at, usd, false};
}

}  // namespace

TEST_CASE("shares are of the failures that could be healed, costs are of all") {
  const std::vector<Reference> references = {{0, true, 1, 3}, {0, true, 1, 3}, {1, false, 0, 3}};
  const Tally sum = tally(references, {healed_for(2), healed_for(4, 2), {0, 6, false}});
  CHECK(sum.first_share() == Approx(0.5));
  CHECK(sum.healed_share() == Approx(1));
  CHECK(sum.over_oracle() == Approx(6));
  CHECK(sum.over_unchanged() == Approx(12.0 / 9));
}

TEST_CASE("a retry is rightly disabled where nothing would have healed the failure") {
  const std::vector<Reference> references = {{0, true, 1, 3}, {1, false, 0, 3}};
  const Tally sum = tally(references, {{0, 0, true}, {0, 0, true}});
  CHECK(sum.rightly_disabled == 1);
  CHECK(sum.wrongly_disabled == 1);
}

TEST_CASE("a mix of two baselines is no better than the line between them") {
  const std::vector<Tally> baselines = {point(1, 50), point(2, 100)};
  CHECK(beyond_frontier(baselines, point(1.5, 75)) == Approx(0).margin(1e-9));
  CHECK(beyond_frontier(baselines, point(1.5, 80)) == Approx(0.05));
  CHECK(beyond_frontier(baselines, point(3, 100)) == Approx(0).margin(1e-9));
}

TEST_CASE("a baseline below the frontier does not lower it") {
  const std::vector<Tally> baselines = {point(1, 50), point(1.5, 60), point(2, 100)};
  CHECK(beyond_frontier(baselines, point(1.5, 75)) == Approx(0).margin(1e-9));
}

TEST_CASE("no retry at all is a baseline, too") {
  CHECK(beyond_frontier({point(1, 50)}, point(0.5, 20)) == Approx(-0.05));
}

TEST_CASE("the bootstrap draws jobs, not failures") {
  // One job is healed by the policy and one is not: half of the failures, but only two witnesses.
  std::vector<Reference> references;
  std::vector<Played> unchanged, policy;
  for (std::uint32_t i = 0; i < 40; ++i) {
    references.push_back({i % 2, true, 1, 3});
    unchanged.push_back({0, 3, false});
    policy.push_back(i % 2 == 0 ? healed_for(1) : Played{0, 3, false});
  }
  const Beyond beyond = beyond_by_bootstrap(references, {unchanged}, policy, 400, 1);
  CHECK(beyond.interval.low == Approx(0).margin(1e-9));
  CHECK(beyond.interval.high == Approx(1));
  CHECK(beyond.share == Approx(0.75).margin(0.08));  // all but the draws of the other job twice
}
