#include "recommend/replay/reliability.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace jobmedic::replayed {
namespace {

constexpr std::size_t bin_count = 10;

std::vector<Bin> bins_of(std::span<const Foretold> foretold, const std::vector<double>& times) {
  std::vector<Bin> bins(bin_count);
  for (const Foretold& f : foretold) {
    const double weight = f.weight * (times.empty() ? 1 : times[f.job]);
    Bin& bin = bins[std::min(static_cast<std::size_t>(f.probability * bin_count), bin_count - 1)];
    bin.weight += weight;
    bin.squares += weight * weight;  // a job drawn twice is no second witness
    bin.predicted += weight * f.probability;
    bin.observed += f.failed ? weight : 0;
  }
  std::erase_if(bins, [](const Bin& bin) { return bin.weight <= 0; });
  for (Bin& bin : bins) {
    bin.predicted /= bin.weight;
    bin.observed /= bin.weight;
  }
  return bins;
}

double debiased_error(const std::vector<Bin>& bins) {
  double sum = 0, total = 0;
  for (const Bin& bin : bins) {
    const double witnesses = bin.weight * bin.weight / bin.squares;
    const double gap = bin.predicted - bin.observed;
    const double chance = bin.observed * (1 - bin.observed) / std::max(witnesses - 1, 1.0);
    sum += bin.weight * (gap * gap - chance);
    total += bin.weight;
  }
  return total > 0 ? std::sqrt(std::max(sum / total, 0.0)) : 0;
}

std::string judge(const Interval& interval) {
  if (interval.high <= acceptable) return "good";
  return interval.low > acceptable ? "bad" : "undecided";
}

}  // namespace

Reliability reliability(std::span<const Foretold> foretold, int resamples, std::uint64_t seed) {
  Reliability answer;
  answer.examples = foretold.size();
  std::set<std::uint32_t> jobs;
  for (const Foretold& f : foretold) jobs.insert(f.job);
  answer.jobs = jobs.size();
  answer.bins = bins_of(foretold, {});
  answer.error = debiased_error(answer.bins);
  Random random(seed);
  std::vector<double> errors;
  const std::size_t numbers = jobs.empty() ? 0 : *jobs.rbegin() + 1;
  for (int n = 0; n < resamples && numbers > 0; ++n) {
    errors.push_back(debiased_error(bins_of(foretold, resample(numbers, random))));
  }
  answer.interval = central(std::move(errors));
  answer.verdict = judge(answer.interval);
  return answer;
}

}  // namespace jobmedic::replayed
