#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/time.hpp"
#include "jobmedic/attempt.hpp"
#include "jobmedic/space.hpp"

/// The runs of a job that had ended when one of its attempts failed, and what they teach.
namespace jobmedic::model {

/// No more of them are looked at: the last ones tell most.
constexpr std::size_t most_past_runs = 64;

/// When the attempt ended: none where it does not say when it began.
std::optional<TimePoint> end_of(const Attempt& attempt);

/// The pasts of a whole history, which it borrows.
class Pasts {
 public:
  explicit Pasts(std::span<const Attempt> history);
  /// At most most_past_runs, oldest first; without the attempt itself. Without times nothing is known to be earlier,
  /// but for lower tries of the same run.
  [[nodiscard]] std::vector<const Attempt*> before(const Attempt& failed) const;

 private:
  struct Ended {
    std::optional<TimePoint> end;
    const Attempt* attempt;
  };
  struct Runs {
    std::vector<Ended> ended;           // oldest first, those without a time before all
    std::vector<std::uint32_t> by_run;  // their places, by the run's name and then the place
  };
  std::unordered_map<std::string, Runs> by_job_;
};

/// One earlier attempt, with its configuration read.
struct PastRun {
  const Attempt* attempt = nullptr;
  Point point;
};

/// What the past says of one amount of memory that the job was given, as log2; NaN: nothing.
struct Lessons {
  double proven;  ///< the least that worked for an input as large, all other settings being those of the failed attempt
  double guessed;  ///< the same for smaller inputs, grown with the input
  double other;    ///< the same whatever the other settings
  double failed;   ///< the most that failed for an input as small, other settings alike: the attempt itself, too
  double need;     ///< by the peaks of runs that worked, on a line through their inputs
  double spread;   ///< standard deviation of such a guess, in octaves
  double runs;     ///< log2 of how many there were
};

/// `peak`: the metric, in bytes, that shows how much of the parameter a run used; empty: none does.
Lessons lessons_of(const Attempt& failed, const Point& before, std::span<const PastRun> past, const Space& space,
                   std::size_t parameter, const std::string& peak);

}  // namespace jobmedic::model
