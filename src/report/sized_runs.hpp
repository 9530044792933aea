#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "jobmedic/report.hpp"
#include "report/memory_settings.hpp"
#include "report/runs.hpp"

namespace jobmedic::reported {

/// Memory that tries held with right-sizing's patches, against what the same jobs asked for without: see
/// jobmedic::SizedRuns.
class SizedRunsCount {
 public:
  /// `jobs`: those that have a patch of right-sizing.
  SizedRunsCount(const Store& store, std::set<std::string> jobs, std::size_t top);
  void add(const Run& run);
  /// After the last run.
  void tell(Report& report);

 private:
  struct Held {  // of one parameter
    double hours = 0;
    double gib_hours = 0;
  };
  void add(const Try& it);
  void end_job();

  const Store& store_;
  std::size_t top_;
  std::set<std::string> jobs_;
  std::uint64_t number_ = 0;  // of the job that is being added
  SizedJob job_;
  std::optional<MemorySettings> memory_;    // of the last sized try's engine
  std::map<std::string, Held> held_;        // by parameter that the patches set
  std::string asked_;                       // configuration of its latest try without a patch; empty: none is known
  std::optional<TimePoint> asked_started_;  // of that try
  SizedRuns sum_;
};

}  // namespace jobmedic::reported
