#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace jobmedic::metrics {

using Counter = std::atomic<std::uint64_t>;

inline void count(Counter& counter) noexcept {
  counter.fetch_add(1, std::memory_order_relaxed);
}
inline std::uint64_t value_of(const Counter& counter) noexcept {
  return counter.load(std::memory_order_relaxed);
}

/// Latencies. Any number of threads may observe and read at once; none waits.
class Histogram {
 public:
  /// Upper bounds in seconds; one bucket more holds what is slower.
  static constexpr std::array<double, 16> bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                 0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
  struct Reading {
    std::array<std::uint64_t, bounds.size() + 1> buckets{};  ///< each alone, not cumulative
    double sum_s = 0;
  };

  void observe(std::chrono::nanoseconds time) noexcept;
  [[nodiscard]] Reading read() const noexcept;

 private:
  std::array<Counter, bounds.size() + 1> buckets_{};
  Counter sum_ns_{0};
};

/// Observes its own lifetime.
class Timer {
 public:
  explicit Timer(Histogram& into) : into_(into) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { into_.observe(std::chrono::steady_clock::now() - started_); }

 private:
  Histogram& into_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace jobmedic::metrics
