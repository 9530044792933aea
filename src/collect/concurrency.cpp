#include "collect/concurrency.hpp"

#include <algorithm>

namespace jobmedic::collect {
namespace {

constexpr std::size_t window = 256;

double most_at_once(const std::vector<std::pair<double, double>>& intervals) {
  std::vector<std::pair<double, int>> changes;
  for (const auto& interval : intervals) {
    changes.emplace_back(interval.first, 1);
    changes.emplace_back(interval.second, -1);
  }
  std::sort(changes.begin(), changes.end());  // at one moment ends come before beginnings
  int running = 0;
  int most = 0;
  for (const auto& change : changes) {
    running += change.second;
    most = std::max(most, running);
  }
  return most;
}

}  // namespace

void Concurrency::add(std::string_view executor, double began, double ended) {
  if (!(began > 0 && ended > began)) return;
  auto found = executors_.find(executor);
  if (found == executors_.end()) found = executors_.emplace(std::string(executor), Executor{}).first;
  auto& [recent, peak] = found->second;
  recent.emplace_back(began, ended);
  if (recent.size() < window) return;
  peak = std::max(peak, most_at_once(recent));
  recent.erase(recent.begin(), recent.begin() + window / 2);
}

double Concurrency::peak() const {
  double most = 0;
  for (const auto& each : executors_) most = std::max({most, each.second.peak, most_at_once(each.second.recent)});
  return most;
}

}  // namespace jobmedic::collect
