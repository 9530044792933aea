#include "core/time.hpp"

#include <fmt/format.h>

namespace jobmedic {
namespace {

// Digits [at, at + count) of `text` as a number, or none.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

struct Parts {
  std::optional<int> year, month, day, hour, minute, second;
};

}  // namespace

std::optional<TimePoint> parse_time(std::string_view text) {
  using namespace std::chrono;
  const Parts p{digits(text, 0, 4),  digits(text, 5, 2),  digits(text, 8, 2),
                digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)};
  if (!p.year || !p.month || !p.day || !p.hour || !p.minute || !p.second) return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  const year_month_day date{year{*p.year}, month{static_cast<unsigned>(*p.month)}, day{static_cast<unsigned>(*p.day)}};
  if (!date.ok() || *p.hour > 23 || *p.minute > 59 || *p.second > 60) return std::nullopt;

  std::string_view rest = text.substr(19);
  int millis = 0;
  if (rest.starts_with('.')) {
    std::size_t end = 1;
    for (int scale = 100; end < rest.size() && rest[end] >= '0' && rest[end] <= '9'; ++end, scale /= 10) {
      millis += (rest[end] - '0') * scale;
    }
    if (end == 1) return std::nullopt;
    rest.remove_prefix(end);
  }
  minutes offset{0};
  if (rest != "Z" && rest != "z") {
    const auto hours_part = digits(rest, 1, 2);
    const auto minutes_part = digits(rest, 4, 2);
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':' || !hours_part || !minutes_part ||
        *hours_part > 23 || *minutes_part > 59) {
      return std::nullopt;
    }
    offset = hours{*hours_part} + minutes{*minutes_part};
    if (rest[0] == '-') offset = -offset;
  }
  return sys_days{date} + hours{*p.hour} + minutes{*p.minute} + seconds{*p.second} + milliseconds{millis} - offset;
}

std::string format_time(TimePoint time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) text += fmt::format(".{:03}", clock.subseconds().count());
  return text + "Z";
}

TimePoint now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace jobmedic
