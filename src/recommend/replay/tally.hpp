#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "recommend/replay/play.hpp"

/// Sums over many failures, and what they would be on other samples of jobs.
namespace jobmedic::replayed {

/// One failure, as far as policies do not change it.
struct Reference {
  std::uint32_t job = 0;
  bool healable = false;
  double oracle_usd = 0;
  double unchanged_usd = 0;  ///< of all retries unchanged
};

struct Tally {
  double failures = 0;
  double healable = 0;
  double at_first = 0;  ///< healed at the first retry
  double healed = 0;    ///< at any
  double cost_usd = 0;
  double oracle_usd = 0;
  double unchanged_usd = 0;
  double rightly_disabled = 0;  ///< nothing on record would have healed it
  double wrongly_disabled = 0;

  void add(const Reference& reference, const Played& played, double times = 1);
  [[nodiscard]] double first_share() const { return healable > 0 ? at_first / healable : 0; }
  [[nodiscard]] double healed_share() const { return healable > 0 ? healed / healable : 0; }
  [[nodiscard]] double over_oracle() const { return oracle_usd > 0 ? cost_usd / oracle_usd : 0; }
  [[nodiscard]] double over_unchanged() const { return unchanged_usd > 0 ? cost_usd / unchanged_usd : 0; }
};

/// `times`: how often each job counts; empty: once.
Tally tally(const std::vector<Reference>& references, const std::vector<Played>& played,
            const std::vector<double>& times = {});

/// How much more is healed at the first retry than a mix of the baselines heals for the same money: above their
/// frontier, the upper convex hull of (cost over the oracle's, share healed) with (0, 0), which is no retry at all.
double beyond_frontier(const std::vector<Tally>& baselines, const Tally& policy);

struct Interval {
  double low = 0;
  double high = 0;
};

/// Between 2.5 % and 97.5 % of the values, which it sorts.
Interval central(std::vector<double> values);

struct Beyond {
  Interval interval;  ///< of beyond_frontier(), 95 %
  double share = 0;   ///< of the resamples in which it is above 0
};

/// Paired bootstrap over jobs.
Beyond beyond_by_bootstrap(const std::vector<Reference>& references, const std::vector<std::vector<Played>>& baselines,
                           const std::vector<Played>& policy, int resamples, std::uint64_t seed);

/// How often each of `jobs` is drawn in one resample.
std::vector<double> resample(std::size_t jobs, Random& random);

}  // namespace jobmedic::replayed
