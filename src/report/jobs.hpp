#pragma once
#include <map>
#include <string>
#include <vector>

#include "jobmedic/report.hpp"
#include "report/runs.hpp"

namespace jobmedic::reported {

/// The jobs that burn most on failed tries, and those in quarantine. Jobs come one after the other; only the top is
/// kept.
class Jobs {
 public:
  explicit Jobs(std::size_t top) : top_(top) {}
  void add(const Run& run);
  /// After the last run.
  void tell(Report& report);

 private:
  void end_job();

  std::size_t top_;
  std::uint64_t number_ = 0;  // of the job that is being added
  ExpensiveJob job_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> rules_;  // and category: failures of that job
  std::optional<TimePoint> answered_;
  bool quarantined_ = false;
  std::vector<ExpensiveJob> expensive_;  // a heap, the cheapest on top
  std::vector<std::string> quarantine_;
};

}  // namespace jobmedic::reported
