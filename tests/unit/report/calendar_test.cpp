#include "report/calendar.hpp"

#include <catch2/catch.hpp>

using namespace jobmedic::reported;
using namespace std::chrono;

namespace {
Day date(int year, unsigned month, unsigned day) {
  return Day{std::chrono::year{year} / month / day};
}
}  // namespace

TEST_CASE("a month is told by days, a quarter by weeks from Monday, years by months, centuries by years") {
  CHECK(Calendar::over(date(2026, 11, 1), date(2026, 11, 30)).starts.size() == 30);
  const Calendar weeks = Calendar::over(date(2026, 9, 1), date(2026, 11, 30));
  CHECK(weeks.unit == "week");
  CHECK(weeks.starts.front() == date(2026, 8, 31));
  CHECK(weeks.starts.back() == date(2026, 11, 30));
  const Calendar months = Calendar::over(date(2024, 2, 29), date(2026, 1, 1));
  CHECK(months.unit == "month");
  CHECK(months.starts.front() == date(2024, 2, 1));
  CHECK(months.starts.size() == 24);
  const Calendar years = Calendar::over(date(1, 1, 1), date(2026, 6, 1));
  CHECK(years.unit == "year");
  CHECK(years.starts.size() == 60);
  CHECK(years.starts.back() == date(2026, 1, 1));
}

TEST_CASE("a day is in the last bucket that begins on it or before") {
  const Calendar weeks = Calendar::over(date(2026, 9, 1), date(2026, 11, 30));
  CHECK(weeks.bucket_of(date(2026, 9, 6)) == 0);
  CHECK(weeks.bucket_of(date(2026, 9, 7)) == 1);
  CHECK_FALSE(weeks.bucket_of(date(2026, 8, 30)));
}
