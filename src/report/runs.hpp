#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/time.hpp"
#include "jobmedic/attempt.hpp"
#include "report/answer.hpp"

namespace jobmedic::reported {

/// One try of a run, with what is known of how it came about.
struct Try {
  const Attempt* attempt = nullptr;
  std::optional<TimePoint> started;
  bool counts = false;           ///< it ended, and started within the period
  std::optional<Answer> answer;  ///< to its failure
  bool patched = false;          ///< it ran with the patch that was advised after the try before it
  bool unchanged = false;        ///< its configuration is that of the try before it

  [[nodiscard]] bool ended() const { return attempt->outcome.has_value(); }
  [[nodiscard]] bool failed() const { return ended() && !attempt->outcome->succeeded; }
  [[nodiscard]] bool succeeded() const { return ended() && attempt->outcome->succeeded; }
};

/// The tries of one run, in order. Those of a recorded grid are each alone.
struct Run {
  std::uint64_t job = 0;  ///< counts jobs as they come
  std::vector<Try> tries;
  [[nodiscard]] bool in_grid() const { return tries.front().attempt->labels.contains("grid"); }
  [[nodiscard]] std::uint64_t counting() const {
    return static_cast<std::uint64_t>(
        std::count_if(tries.begin(), tries.end(), [](const Try& it) { return it.counts; }));
  }
};

/// Puts the runs of a history together that comes job by job, in parts.
class RunReader {
 public:
  using Visit = std::function<void(std::span<const Attempt* const> run)>;
  explicit RunReader(Visit visit) : visit_(std::move(visit)) {}
  void add(std::span<const Attempt> part);
  void finish();

 private:
  Visit visit_;
  std::vector<Attempt> open_;  // the last run of a part may go on in the next one
};

}  // namespace jobmedic::reported
