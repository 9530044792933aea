#include "report/unknown_failures.hpp"

#include <algorithm>

#include "core/hash.hpp"

namespace jobmedic::reported {
namespace {

// The miner remembers fewer. Where nearly every line is its own shape, those seen once cannot be among the top.
constexpr std::size_t most_shapes = 50'000;

}  // namespace

void UnknownFailures::add(const UnclassifiedFailure& failure) {
  if (failure.lines.empty()) return;
  if (shapes_.size() >= most_shapes) std::erase_if(shapes_, [](const auto& it) { return it.second.sum.failures == 1; });
  Count& count = shapes_[miner_.add(failure.lines.front().example)];
  if (count.sum.failures++ == 0) {
    count.sum.job = failure.job;
    count.sum.run = failure.run;
  }
  count.sum.cost_usd += failure.cost_usd.value_or(0);
  count.jobs.insert(hash64(failure.job));
}

std::vector<UnclassifiedTemplate> UnknownFailures::top(std::size_t most) const {
  std::vector<UnclassifiedTemplate> found;
  for (const LogTemplate& mined : miner_.templates()) {
    UnclassifiedTemplate sum;
    std::unordered_set<std::uint64_t> jobs;
    for (const std::uint64_t shape : mined.shapes) {
      const auto count = shapes_.find(shape);
      if (count == shapes_.end()) continue;
      if (sum.failures == 0) sum = {mined.text, 0, 0, 0, count->second.sum.job, count->second.sum.run};
      sum.failures += count->second.sum.failures;
      sum.cost_usd += count->second.sum.cost_usd;
      jobs.insert(count->second.jobs.begin(), count->second.jobs.end());
    }
    sum.jobs = jobs.size();
    if (sum.failures > 0) found.push_back(std::move(sum));
  }
  std::stable_sort(found.begin(), found.end(), [](const UnclassifiedTemplate& a, const UnclassifiedTemplate& b) {
    return a.failures != b.failures ? a.failures > b.failures : a.cost_usd > b.cost_usd;
  });
  if (found.size() > most) found.resize(most);
  return found;
}

}  // namespace jobmedic::reported
