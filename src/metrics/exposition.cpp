#include "metrics/exposition.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/text.hpp"

namespace jobmedic::metrics {
namespace {

constexpr std::size_t longest_value = 200;

std::string escaped(std::string_view value) {
  std::string result;
  for (const char c : valid_utf8(value, longest_value)) {
    if (c == '\\' || c == '"') result += '\\';
    result += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return result;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

}  // namespace

void Exposition::family(std::string_view name, std::string_view type, std::string_view help) {
  family_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void Exposition::sample(const Labels& labels, std::uint64_t value) {
  line("", labels, fmt::format("{}", value));
}

void Exposition::sample(const Labels& labels, double value) {
  line("", labels, number(value));
}

void Exposition::histogram(const Labels& labels, const Histogram::Reading& reading) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < reading.buckets.size(); ++i) {
    total += reading.buckets[i];
    const std::string bound = i < Histogram::bounds.size() ? number(Histogram::bounds[i]) : "+Inf";
    Labels with_bound = labels;
    with_bound.emplace_back("le", bound);
    line("_bucket", with_bound, fmt::format("{}", total));
  }
  line("_sum", labels, number(reading.sum_s));
  line("_count", labels, fmt::format("{}", total));
}

void Exposition::line(std::string_view suffix, const Labels& labels, const std::string& value) {
  text_ += family_;
  text_ += suffix;
  char separator = '{';
  for (const auto& [name, text] : labels) {
    text_ += fmt::format("{}{}=\"{}\"", separator, name, escaped(text));
    separator = ',';
  }
  text_ += labels.empty() ? " " : "} ";
  text_ += value + "\n";
}

}  // namespace jobmedic::metrics
