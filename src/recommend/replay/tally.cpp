#include "recommend/replay/tally.hpp"

#include <algorithm>
#include <cmath>

namespace jobmedic::replayed {
namespace {

struct Place {
  double cost, healed;
};

// Left to right, ever flatter; rises only.
std::vector<Place> hull_of(std::vector<Place> places) {
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.cost != b.cost ? a.cost < b.cost : a.healed > b.healed; });
  std::vector<Place> hull;
  for (const Place& p : places) {
    if (!hull.empty() && p.healed <= hull.back().healed) continue;
    while (hull.size() >= 2) {
      const Place& a = hull[hull.size() - 2];
      const Place& b = hull.back();
      if ((b.healed - a.healed) * (p.cost - a.cost) > (p.healed - a.healed) * (b.cost - a.cost)) break;
      hull.pop_back();
    }
    hull.push_back(p);
  }
  return hull;
}

double height_at(const std::vector<Place>& hull, double cost) {
  for (std::size_t i = 1; i < hull.size(); ++i) {
    const Place& a = hull[i - 1];
    const Place& b = hull[i];
    if (cost < b.cost) return a.healed + (b.healed - a.healed) * (cost - a.cost) / (b.cost - a.cost);
  }
  return hull.back().healed;
}

}  // namespace

void Tally::add(const Reference& reference, const Played& played, double times) {
  failures += times;
  cost_usd += times * played.cost_usd;
  oracle_usd += times * reference.oracle_usd;
  unchanged_usd += times * reference.unchanged_usd;
  if (reference.healable) healable += times;
  if (played.healed_at == 1) at_first += times;
  if (played.healed_at > 0) healed += times;
  if (played.disabled) (reference.healable ? wrongly_disabled : rightly_disabled) += times;
}

Tally tally(const std::vector<Reference>& references, const std::vector<Played>& played,
            const std::vector<double>& times) {
  Tally sum;
  for (std::size_t i = 0; i < references.size(); ++i) {
    const double count = times.empty() ? 1 : times[references[i].job];
    if (count > 0) sum.add(references[i], played[i], count);
  }
  return sum;
}

double beyond_frontier(const std::vector<Tally>& baselines, const Tally& policy) {
  std::vector<Place> places = {{0, 0}};
  for (const Tally& baseline : baselines) places.push_back({baseline.over_oracle(), baseline.first_share()});
  return policy.first_share() - height_at(hull_of(std::move(places)), policy.over_oracle());
}

Interval central(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  return {at(0.025), at(0.975)};
}

std::vector<double> resample(std::size_t jobs, Random& random) {
  std::vector<double> times(jobs, 0);
  for (std::size_t i = 0; i < jobs; ++i) ++times[random.below(jobs)];
  return times;
}

Beyond beyond_by_bootstrap(const std::vector<Reference>& references, const std::vector<std::vector<Played>>& baselines,
                           const std::vector<Played>& policy, int resamples, std::uint64_t seed) {
  std::size_t jobs = 0;
  for (const Reference& reference : references) jobs = std::max<std::size_t>(jobs, reference.job + 1);
  Random random(seed);
  std::vector<double> gaps;
  for (int n = 0; n < resamples; ++n) {
    const std::vector<double> times = resample(jobs, random);
    std::vector<Tally> others;
    others.reserve(baselines.size());
    for (const auto& played : baselines) others.push_back(tally(references, played, times));
    gaps.push_back(beyond_frontier(others, tally(references, policy, times)));
  }
  const auto above = std::count_if(gaps.begin(), gaps.end(), [](double gap) { return gap > 0; });
  return {central(gaps), gaps.empty() ? 0 : static_cast<double>(above) / static_cast<double>(gaps.size())};
}

}  // namespace jobmedic::replayed
