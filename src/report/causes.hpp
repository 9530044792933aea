#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "jobmedic/report.hpp"
#include "report/calendar.hpp"
#include "report/runs.hpp"
#include "report/share_count.hpp"

namespace jobmedic::reported {

/// How many tries ended, how many failed and of what, by day.
class Causes {
 public:
  void add(std::uint64_t job, const Try& tried);
  /// Totals, categories, rules and the trend.
  void tell(Report& report, std::size_t top) const;

 private:
  struct Count {
    std::uint64_t failures = 0;
    std::uint64_t jobs = 0;
    std::uint64_t last_job = 0;
    double cost_usd = 0;
    std::map<Day, std::uint64_t> by_day;
    void add(std::uint64_t job, double cost, const std::optional<Day>& day);
  };
  using Counts = std::map<std::pair<std::string, std::string>, Count>;  // by category and rule

  [[nodiscard]] Calendar calendar() const;
  static std::vector<Cause> list(const Counts& counts, const Calendar& calendar);

  std::map<Day, Bucket> days_;
  Counts categories_, rules_;
  ShareCount failed_, unclassified_;
  double cost_usd_ = 0, failed_cost_usd_ = 0;
  std::uint64_t without_cost_ = 0, without_start_ = 0;
  std::optional<TimePoint> first_, last_;
};

}  // namespace jobmedic::reported
