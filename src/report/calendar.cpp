#include "report/calendar.hpp"

#include <algorithm>

namespace jobmedic::reported {
namespace {

using namespace std::chrono;

constexpr std::size_t most_buckets = 60;
constexpr days most_days{45};
constexpr days most_weeks{400};
constexpr days most_months{60 * 30};

Day start_of(Day day, const std::string& unit) {
  if (unit == "day") return day;
  if (unit == "week") return day - (weekday{day} - Monday);
  const year_month_day date{day};
  return unit == "month" ? Day{date.year() / date.month() / 1} : Day{date.year() / January / 1};
}

Day after(Day start, const std::string& unit) {
  if (unit == "day") return start + days{1};
  if (unit == "week") return start + days{7};
  const year_month_day date{start};
  return unit == "month" ? Day{(date.year() / date.month() + months{1}) / 1}
                         : Day{(date.year() + years{1}) / January / 1};
}

}  // namespace

Calendar Calendar::over(Day first, Day last) {
  const days length = last - first;
  Calendar calendar;
  calendar.unit = length <= most_days     ? "day"
                  : length <= most_weeks  ? "week"
                  : length <= most_months ? "month"
                                          : "year";
  for (Day start = start_of(first, calendar.unit); start <= last; start = after(start, calendar.unit)) {
    calendar.starts.push_back(start);
  }
  if (calendar.starts.size() > most_buckets) {
    calendar.starts.erase(calendar.starts.begin(), calendar.starts.end() - most_buckets);
  }
  return calendar;
}

std::optional<std::size_t> Calendar::bucket_of(Day day) const {
  const auto next = std::upper_bound(starts.begin(), starts.end(), day);
  if (next == starts.begin()) return std::nullopt;
  return static_cast<std::size_t>(next - starts.begin()) - 1;
}

}  // namespace jobmedic::reported
