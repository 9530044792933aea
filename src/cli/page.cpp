#include "cli/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "cli/output.hpp"
#include "core/text.hpp"

namespace jobmedic::cli {
namespace {

bool wants_colour() {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  return output_is_terminal() && (refused == nullptr || *refused == '\0') && !dumb;
}

const char* code(Tone tone) {
  switch (tone) {
    case Tone::strong:
      return "\x1b[1m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[1;32m";
    case Tone::bad:
      return "\x1b[1;31m";
    case Tone::changed:
      return "\x1b[33m";
    case Tone::plain:
      break;
  }
  return "";
}

}  // namespace

Page::Page() : colour_(wants_colour()) {}

Page& Page::text(std::string_view words, Tone tone) {
  const bool painted = colour_ && tone != Tone::plain;
  if (painted) text_ += code(tone);
  text_ += one_line(words);
  if (painted) text_ += "\x1b[0m";
  return *this;
}

Page& Page::end_line() {
  text_.erase(text_.find_last_not_of(' ') + 1);
  text_ += '\n';
  return *this;
}

Page& Page::paragraph(std::string_view words) {
  constexpr std::size_t width = 98;
  while (!words.empty()) {
    std::size_t end = words.substr(0, width).find("; ");
    end = end == std::string_view::npos ? words.size() : end + 1;
    if (end > width) end = words.rfind(' ', width);
    if (end == std::string_view::npos) end = words.find(' ', width);
    line("  " + std::string(words.substr(0, end)));
    words.remove_prefix(std::min(words.size(), end));
    words.remove_prefix(std::min(words.size(), words.find_first_not_of(' ')));
  }
  return *this;
}

Page& Page::field(std::string_view label, std::string_view words) {
  text(fmt::format("  {:<12}{}", label, label.size() < 12 ? "" : "  "), Tone::dim);
  return line(words);
}

Page& Page::table(const std::vector<std::vector<std::string>>& rows, bool right_aligned) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text(right_aligned && i > 0 ? fmt::format("  {:>{}}", row[i], widths[i])
                                  : fmt::format("  {:<{}}", row[i], widths[i]));
    }
    end_line();
  }
  return *this;
}

std::string percent(double share) {
  const double value = share * 100;
  return value > 0 && value < 1 ? fmt::format("{:.1f} %", value) : fmt::format("{:.0f} %", value);
}

std::string dollars(double usd) {
  if (usd == 0 || usd >= 0.095) return fmt::format("${:.2f}", usd);
  const int digits = std::clamp(1 - static_cast<int>(std::floor(std::log10(usd))), 2, 8);
  return fmt::format("${:.{}f}", usd, digits);
}

std::string seconds(double s) {
  if (s < 1) return fmt::format("{:.0f} ms", s * 1000);
  if (s < 90) return fmt::format("{:.3g} s", s);
  return s < 5400 ? fmt::format("{:.0f} min", s / 60) : fmt::format("{:.1f} h", s / 3600);
}

}  // namespace jobmedic::cli
