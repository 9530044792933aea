#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace jobmedic::reported {

using Day = std::chrono::sys_days;

/// The buckets of a trend: days, weeks from Monday, months or years, so that there are few enough to read.
struct Calendar {
  std::string unit;  ///< "day", "week", "month", "year"
  std::vector<Day> starts;

  /// The buckets from the day `first` to `last`; the newest 60 where even years are more.
  static Calendar over(Day first, Day last);
  [[nodiscard]] std::optional<std::size_t> bucket_of(Day day) const;
};

}  // namespace jobmedic::reported
