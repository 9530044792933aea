#pragma once
#include <fmt/format.h>

#include <string>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/space.hpp"

/// Small recorded histories.
namespace recorded {

using namespace jobmedic;

inline Space space() {
  return Space::parse(R"({"schema": "jobmedic.space/1", "parameters": [
      {"name": "memory", "type": "integer", "min": 64, "max": 65536, "scale": "log", "step": 64, "unit": "MiB"},
      {"name": "cores", "type": "integer", "min": 1, "max": 16, "absent": "1"}], "constraints": []})");
}

/// A run of a grid that lasts `seconds` and costs 1 USD per GiB and hour.
inline Attempt run(const std::string& run, int memory_mib, int cores, bool succeeded, double seconds = 3600) {
  Attempt attempt;
  attempt.job = "nightly";
  attempt.run = run;
  attempt.labels = {{"grid", "yes"}, {"input", "monday"}};
  attempt.config = fmt::format(R"({{"memory": "{}m", "cores": "{}"}})", memory_mib, cores);
  attempt.duration_s = seconds;
  attempt.outcome = Outcome{};
  attempt.outcome->succeeded = succeeded;
  attempt.outcome->cost_usd = memory_mib / 1024.0 * seconds / 3600;
  if (!succeeded) attempt.outcome->category = "memory_config";
  return attempt;
}

/// A success that was given 8 GiB and needed `peak_mib`.
inline Attempt peak(const std::string& name, double peak_mib) {
  Attempt attempt = run(name, 8192, 1, true);
  attempt.labels = {{"peak", "peak_rss_bytes"}};
  attempt.metrics = {{"peak_rss_bytes", peak_mib * 1048576}, {"input_bytes", 1e9}, {"gc_s", 3}};
  return attempt;
}

}  // namespace recorded
