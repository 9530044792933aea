#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "jobmedic/forecast.hpp"

/// Recorded sessions: readings in the order they were taken, and how the session ended.
namespace jobmedic::forecast {

struct Trace {
  std::string session;
  DeviceKey key;
  bool killed = false;
  double kill_s = unknown;
  std::vector<Reading> readings;
  std::string started_at = {};  ///< RFC 3339 UTC; empty: the recording does not tell

  /// Of reading `i`, 0..4.
  [[nodiscard]] int level(std::size_t i) const;
};

/// Streams a CSV of readings (one row each, a session's rows together; see the columns in telemetry.cpp; sizes in KiB),
/// session by session. `wanted`: rows of other sessions are dropped before anything of them is parsed.
/// Throws Error: io, parse.
void each_trace(const std::filesystem::path& csv, const std::function<bool(const DeviceKey&)>& wanted,
                const std::function<void(Trace&&)>& visit);

std::vector<Trace> read_traces(const std::filesystem::path& csv);

}  // namespace jobmedic::forecast
