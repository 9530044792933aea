#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// How right-sizing would have done on recorded workflows, beside published methods: the document
/// jobmedic.rightsizing_replay/1.
///
/// The protocol is that of Sizey (Bader et al., CLUSTER 2024, arXiv 2407.16353) and its public code: the tasks of a
/// process with at least 34 of them, 30 % as history, 70 % online in random order; an allocation below the peak fails
/// after the task's whole duration and is tried again; waste in GBh is what failed tries held, and what the last left
/// unused. A method sees input size and history, never the task that it sizes.
namespace jobmedic {

struct Trace {
  std::string name;  ///< of the workflow
  std::string csv;   ///< Nextflow's trace: process, rchar, rss, peak_rss, memory, realtime among its columns
};

struct RightsizeReplayOptions {
  std::vector<std::uint32_t> seeds{1996};                            ///< one replay each
  std::function<void(double done, std::string_view what)> progress;  ///< done 0..1; may throw to cancel
};

/// Throws Error: schema (no such columns), invalid_argument (no trace, no seed, nothing to replay).
std::string replay_rightsizing(const std::vector<Trace>& traces, const RightsizeReplayOptions& options = {});

}  // namespace jobmedic
