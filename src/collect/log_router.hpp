#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "collect/event_log.hpp"
#include "jobmedic/collect.hpp"

namespace jobmedic::collect {

/// Names already given to logs of one collection.
class Names {
 public:
  /// `wanted`, or where it is taken "driver.2.stderr": a number before the last ending, so that a glob over the role or
  /// over the stream still fits.
  std::string take(const std::string& wanted);

 private:
  std::set<std::string, std::less<>> taken_;
};

/// One log on its way to the sink: as it is or, where it is a Spark event log, as what that says.
class LogRouter {
 public:
  struct Target {
    std::string log;           ///< its name
    std::string event_log;     ///< its name should it be an event log
    bool only_events = false;  ///< anything else is refused
  };
  LogRouter(Target target, Names& names, const Collector::Sink& sink);

  /// Throws what the sink throws.
  void feed(std::string_view piece);
  /// What follows is not what came next in the log: no line may reach across.
  void gap();
  /// The log is complete.
  void end();

  /// It is no event log, where only one is taken: all else is dropped.
  [[nodiscard]] bool refused() const { return refused_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// The name it got; empty: nothing was given to the sink.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// The events, if it is an event log.
  [[nodiscard]] const std::optional<EventLog>& events() const { return events_; }

 private:
  void decide(bool complete);
  void pass(std::string_view piece);

  Target target_;
  Names& names_;
  const Collector::Sink& sink_;
  std::string head_;  // until it is known which it is
  bool decided_ = false;
  bool refused_ = false;
  bool line_open_ = false;
  std::uint64_t bytes_ = 0;
  std::string name_;
  std::optional<EventLog> events_;
};

}  // namespace jobmedic::collect
