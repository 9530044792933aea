#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.hpp"

namespace jobmedic::reported {
namespace {

std::string grouped(std::string digits) {
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

}  // namespace

std::string number(std::uint64_t count) {
  return grouped(std::to_string(count));
}

std::string count_of(std::uint64_t count, std::string_view one, std::string_view many) {
  if (count == 1) return fmt::format("1 {}", one);
  return many.empty() ? fmt::format("{} {}s", number(count), one) : fmt::format("{} {}", number(count), many);
}

std::string dollars(double usd) {
  const double size = std::abs(usd);
  const std::string sign = usd < 0 ? "\u2212$" : "$";
  if (size >= 99.995) return sign + grouped(fmt::format("{:.0f}", size));
  if (size == 0 || size >= 0.095) return sign + fmt::format("{:.2f}", size);
  const int digits = std::clamp(1 - static_cast<int>(std::floor(std::log10(size))), 2, 8);
  return sign + fmt::format("{:.{}f}", size, digits);
}

std::string percent(double share) {
  const double value = share * 100;
  return value > 0 && value < 1 ? fmt::format("{:.1f}\u00A0%", value) : fmt::format("{:.0f}\u00A0%", value);
}

std::string share_words(const Share& share) {
  if (!share.tells()) return fmt::format("{} of {}", number(share.hits), number(share.of));
  return fmt::format("{} ({:.0f} to {:.0f}\u00A0%)", percent(share.value()), 100 * share.low, 100 * share.high);
}

std::string share_ground(const Share& share) {
  const std::string cases =
      fmt::format("{} of {}, {}", number(share.hits), number(share.of), count_of(share.jobs, "job"));
  if (!share.tells()) return cases + ": too few to tell";
  return fmt::format("{}; 95 % interval {:.0f} to {:.0f}\u00A0%", cases, 100 * share.low, 100 * share.high);
}

std::string day(std::string_view time) {
  return std::string(time.substr(0, 10));
}

std::string minute(std::string_view time) {
  return time.size() < 16 ? std::string(time) : fmt::format("{} {} UTC", time.substr(0, 10), time.substr(11, 5));
}

std::string cut(std::string_view text, std::size_t characters) {
  std::string line = one_line(text);
  std::size_t seen = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(line[i]) & 0xC0) != 0x80;
    if (begins && seen++ == characters) return line.substr(0, i) + "\u2026";
  }
  return line;
}

std::string category_words(const std::string& category) {
  if (category.empty()) return "unclassified";
  std::string words = category;
  std::replace(words.begin(), words.end(), '_', ' ');
  return cut(words, 80);
}

}  // namespace jobmedic::reported
