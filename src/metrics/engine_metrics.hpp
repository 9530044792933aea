#pragma once
#include <array>
#include <string>
#include <string_view>

#include "jobmedic/error.hpp"
#include "metrics/histogram.hpp"
#include "metrics/rule_counts.hpp"

/// What one engine counts. Any number of threads may count and read at once; none waits.
namespace jobmedic::metrics {

enum class Operation { classify, recommend, remediate, get_config };
constexpr std::array<std::string_view, 4> operations{"classify", "recommend", "remediate", "get_config"};
constexpr std::array<std::string_view, 7> store_error_kinds{"busy", "read_only",  "full", "damaged",
                                                            "io",   "connection", "other"};
constexpr std::array<std::string_view, 3> store_troubles{"store_retried", "store_lost", "store_reopened"};

struct Cache {
  Counter hits{0};
  Counter misses{0};
};

/// What is true at the moment of reading.
struct Moment {
  std::string version;
  std::size_t rules = 0;
  std::string model;  ///< empty: none
  std::string served_by;
  std::uint64_t model_calls = 0;
};

struct EngineMetrics {
  [[nodiscard]] Histogram& latency(Operation operation) { return latencies[static_cast<std::size_t>(operation)]; }
  /// Counts a store's error by its kind, and no other error.
  void count_error(const Error& error);
  void count_trouble(std::string_view event);
  [[nodiscard]] std::string text(const RuleTable& rules, const Moment& moment) const;

  std::array<Histogram, operations.size()> latencies;
  std::array<Counter, store_error_kinds.size()> store_errors{};
  std::array<Counter, store_troubles.size()> troubles{};
  Cache compiled_rules;  // between processes, on disk
  Cache model;           // in memory, of the version in service
  Counter deadlines_missed{0};
  Counter patches_applied{0};
  Counter patches_skipped{0};
  Counter outcomes_succeeded{0};
  Counter outcomes_failed{0};
  Counter reloads{0};
};

}  // namespace jobmedic::metrics
