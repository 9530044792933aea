#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Tasks of a scientific workflow as Nextflow traces them.
namespace jobmedic::sizing {

struct Task {
  double input = 0;      ///< bytes read (rchar)
  double peak = 0;       ///< bytes (rss): what the protocol lets an allocation fail below
  double peak_rss = 0;   ///< bytes: what presets and the low-wastage regression are measured against
  double requested = 0;  ///< bytes
  double duration = 0;   ///< ms
};

struct Process {
  std::string name;
  std::vector<Task> tasks;  ///< in the order of the trace
};

struct Workflow {
  std::string name;
  std::vector<Process> processes;  ///< in the order of their first task
  std::size_t left_out = 0;        ///< processes with fewer than 34 measured tasks, or one of no duration
};

/// The processes of a trace in CSV (RFC 4180) that the protocol looks at: with at least 34 tasks with an rss, none of
/// them of duration 0. Throws Error (schema): a column is missing.
Workflow read_trace(std::string_view name, std::string_view csv);

struct Split {
  std::vector<std::size_t> history, online;
};
/// 30 % and 70 %, in the order that scikit-learn's train_test_split(test_size=0.7, random_state=seed) gives.
Split split(std::size_t count, std::uint32_t seed);
/// The first `count` of numpy's RandomState(seed).permutation(population): MT19937, masked rejection, Fisher-Yates.
std::vector<std::size_t> drawn(std::size_t population, std::size_t count, std::uint32_t seed);

}  // namespace jobmedic::sizing
