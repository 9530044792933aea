#include "metrics/histogram.hpp"

#include <algorithm>

namespace jobmedic::metrics {

void Histogram::observe(std::chrono::nanoseconds time) noexcept {
  const double seconds = std::chrono::duration<double>(time).count();
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin();
  count(buckets_[static_cast<std::size_t>(bucket)]);
  sum_ns_.fetch_add(static_cast<std::uint64_t>(time.count()), std::memory_order_relaxed);
}

Histogram::Reading Histogram::read() const noexcept {
  Reading reading;
  for (std::size_t i = 0; i < buckets_.size(); ++i) reading.buckets[i] = value_of(buckets_[i]);
  reading.sum_s = static_cast<double>(value_of(sum_ns_)) * 1e-9;
  return reading;
}

}  // namespace jobmedic::metrics
