#include "collect/rotation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <tuple>

namespace jobmedic::collect {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool names_a_log(std::string_view name) {
  constexpr std::array whole{"stdout", "stderr", "syslog"};
  constexpr std::array endings{".log", ".out", ".err", ".stdout", ".stderr", ".syslog", ".txt"};
  return std::find(whole.begin(), whole.end(), name) != whole.end() ||
         std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return name.size() > ending.size() && name.ends_with(ending); });
}

// ".7": at most six digits, which no date is.
std::optional<std::int64_t> number_of(std::string_view suffix) {
  if (suffix.size() < 2 || suffix.size() > 7 || suffix.front() != '.') return std::nullopt;
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(suffix.data() + 1, suffix.data() + suffix.size(), number);
  if (code != std::errc() || end != suffix.data() + suffix.size() || number < 0) return std::nullopt;
  return number;
}

// "-2026-11-21T03:12": the digits, beginning with a plausible day.
std::optional<std::string> date_of(std::string_view suffix) {
  std::string digits;
  for (const char c : suffix) {
    if (is_digit(c)) {
      digits += c;
    } else if (std::string_view("-_.:T").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  const auto two = [&](std::size_t at) { return (digits[at] - '0') * 10 + digits[at + 1] - '0'; };
  if (digits.size() < 8 || digits.size() > 20 || (two(0) != 19 && two(0) != 20)) return std::nullopt;
  if (two(4) < 1 || two(4) > 12 || two(6) < 1 || two(6) > 31) return std::nullopt;
  return digits;
}

// Whether `suffix` tells a part; fills in which.
bool read_suffix(std::string_view suffix, PartName& part) {
  if (const auto number = number_of(suffix)) {
    part.number = *number;
    return true;
  }
  std::string_view date = suffix;
  if (const std::size_t dot = suffix.rfind('.'); dot != std::string_view::npos && dot > 0) {
    if (const auto number = number_of(suffix.substr(dot)); number && date_of(suffix.substr(0, dot))) {
      part.number = *number;
      date = suffix.substr(0, dot);
    }
  }
  const auto digits = date_of(date);
  part.date = digits.value_or("");
  return digits.has_value();
}

}  // namespace

PartName parse_part_name(std::string_view file) {
  constexpr std::array compressors{".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz", ".lz4", ".snappy"};
  PartName part;
  for (const std::string_view ending : compressors) {
    if (file.size() <= ending.size() || !file.ends_with(ending)) continue;
    file.remove_suffix(ending.size());
    part.compressed = true;
    break;
  }
  part.log = file;
  if (names_a_log(file)) return part;
  for (std::size_t i = 1; i + 1 < file.size(); ++i) {
    const bool begins_suffix = file[i] == '.' || file[i] == '-' || file[i] == '_';
    if (!begins_suffix || !names_a_log(file.substr(0, i)) || !read_suffix(file.substr(i), part)) continue;
    part.log = file.substr(0, i);
    break;
  }
  return part;
}

bool is_older(const PartName& a, const PartName& b) {
  const auto age = [](const PartName& part) {
    const bool dated = !part.date.empty();
    // Undated parts are newer than dated ones; there the number falls with time, within a day it rises. What has no
    // number is the newest, and there what was compressed is older than what is being written.
    return std::make_tuple(!dated, part.date, dated ? part.number : -part.number, !part.compressed);
  };
  return age(a) < age(b);
}

}  // namespace jobmedic::collect
