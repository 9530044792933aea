#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collect/event_failures.hpp"
#include "collect/event_metrics.hpp"
#include "collect/lines.hpp"
#include "jobmedic/collect.hpp"

namespace jobmedic::collect {

/// Does a file that begins so hold one Spark event (JSON) a line? Needs 64 bytes.
bool begins_event_log(std::string_view head);

/// A Spark event log read line by line, with constant memory: what failed, and what the run used. Written after Spark's
/// JsonProtocol, 2.4 to 4.x.
class EventLog {
 public:
  void feed(std::string_view piece);
  void end();

  /// The text of the log "driver.eventlog"; empty: nothing failed for good.
  [[nodiscard]] std::string failure_log() const { return failures_.log_text(); }
  /// For people: failures that did not end the application.
  [[nodiscard]] std::vector<std::string> notes() const { return failures_.notes(); }
  [[nodiscard]] RunFacts facts() const { return metrics_.facts(); }
  /// What could not be read: "2 of 812 lines are no events (first: line 3: byte 17: ...)"; empty: nothing.
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] const EventFailures& failures() const { return failures_; }

 private:
  void line(std::string_view text, std::uint64_t number);

  static constexpr std::size_t longest_line = std::size_t{8} << 20U;
  Lines lines_{longest_line};
  EventFailures failures_;
  EventMetrics metrics_;
  std::uint64_t bad_ = 0;
  std::string first_bad_;
};

}  // namespace jobmedic::collect
