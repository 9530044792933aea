#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/policy.hpp"
#include "jobmedic/space.hpp"

/// How policies would have done on recorded failures: the document jobmedic.replay/1.
///
/// What another configuration would have done is read from the record:
///  - a grid (labels.grid): the runs with the same job and labels.input. Those that differ only in their memory are
///    a row; a retry works with at least the least memory that worked in its row. It then lasts as long as the run with
///    that memory, and where it fails, as long as the failed try. An hour costs what it cost in the row, by memory, on
///    straight lines between the recorded settings. A configuration of another row is answered by the nearest row that
///    tells: one where at most so much memory worked, or at least so much failed; what lies between is not on its
///    record. More memory than the largest recorded is not given.
///  - peaks (labels.peak, the name of a metric in bytes): a successful run fails with less memory than its peak. Its
///    failed try is drawn log-uniform in [peak/8, peak). Each try lasts as long as the recorded run.
///  - the later tries of a run of neither kind: what they did, whatever memory they are given.
namespace jobmedic {

struct ReplayOptions {
  /// "model", "fallback", "unchanged", "maximum", "double", "x3" (any factor), "+500" (MiB; any number); empty: the
  /// usual ones.
  std::vector<std::string> policies;
  std::string memory;             ///< the parameter that multipliers multiply; empty: the first that varied
  std::uint64_t seed = 0;         ///< of folds, drawn failures, training and bootstrap
  int folds = 5;                  ///< jobs are dealt into so many; a model judges jobs it was not trained on
  int tries = 3;                  ///< retries of one failure
  int bootstrap = 2000;           ///< resamples of the jobs
  std::size_t most_failures = 0;  ///< so many, drawn at random; 0: all
  Policy policy;                  ///< of recommend()
  std::function<void(double done, std::string_view what)> progress;  ///< done 0..1; may throw to cancel
};

/// Throws Error: invalid_argument (an unknown policy, no memory parameter), model (nothing to replay; as train() does).
std::string replay(std::span<const Attempt> history, const Space& space, const ReplayOptions& options);

}  // namespace jobmedic
