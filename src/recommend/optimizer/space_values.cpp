// One value of a parameter: which are permitted, and how the engine writes them.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

#include "jobmedic/error.hpp"
#include "jobmedic/space.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

struct Suffix {
  std::string_view text;
  double factor;
};
// Spark's JavaUtils: sizes here in MiB, times in seconds. Upper case is fine, fractions are not.
constexpr Suffix size_suffixes[] = {{"b", 0x1p-20}, {"k", 0x1p-10}, {"kb", 0x1p-10}, {"m", 1},
                                    {"mb", 1},      {"g", 0x1p10},  {"gb", 0x1p10},  {"t", 0x1p20},
                                    {"tb", 0x1p20}, {"p", 0x1p30},  {"pb", 0x1p30}};
constexpr Suffix time_suffixes[] = {{"us", 1e-6}, {"ms", 1e-3}, {"s", 1},    {"m", 60},
                                    {"min", 60},  {"h", 3600},  {"d", 86400}};
// Kubernetes' resource.Quantity, in bytes or CPUs. Case matters: m is a thousandth, M a million.
constexpr Suffix quantity_suffixes[] = {{"", 1},        {"n", 1e-9},    {"u", 1e-6},    {"m", 1e-3},
                                        {"k", 1e3},     {"M", 1e6},     {"G", 1e9},     {"T", 1e12},
                                        {"P", 1e15},    {"E", 1e18},    {"Ki", 0x1p10}, {"Mi", 0x1p20},
                                        {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}, {"Ei", 0x1p60}};
constexpr double largest = 0x1p53;

// Sums of decimal steps (0.3 + 3 * 0.05) as a person writes them (0.45).
double decimal(double value) {
  constexpr double billion = 1e9;
  const double short_one = std::round(value * billion) / billion;  // correctly rounded, as reading its text would be
  if (std::abs(value) < largest / billion && std::abs(short_one - value) <= 1e-14 * std::abs(value)) return short_one;
  const std::string text = fmt::format("{:.15g}", value);
  double rounded = value;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return rounded;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string trimmed_lower(std::string_view text) {
  std::string lower(trimmed(text));
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

[[noreturn]] void refuse(const Parameter& parameter, std::string_view wanted, std::string_view text) {
  throw Error(Status::invalid_argument,
              fmt::format("{}: expected {}, found \"{}\"", parameter.name, wanted, text.substr(0, 60)),
              json::write(json::object({{"parameter", parameter.name}})));
}

double parse_with_unit(const Parameter& parameter, std::string_view original) {
  const bool size = parameter.unit == "MiB";
  const std::string_view wanted = size ? R"(a size such as "1536m" or "4g")" : R"(a time such as "90s" or "2min")";
  const std::string text = trimmed_lower(original);
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || number < 0) refuse(parameter, wanted, original);
  std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (suffix.empty()) suffix = !size ? "s" : parameter.bare_unit == "B" ? "b" : "m";
  for (const Suffix& known : size ? std::span<const Suffix>(size_suffixes) : std::span<const Suffix>(time_suffixes)) {
    const double value = static_cast<double>(number) * known.factor;
    if (known.text == suffix && value <= largest) return value;
  }
  refuse(parameter, wanted, original);
}

bool is_quantity(const Parameter& parameter) {
  return parameter.unit == "millicores" || parameter.notation == "quantity";
}

double parse_quantity(const Parameter& parameter, std::string_view original) {
  const bool cpu = parameter.unit == "millicores";
  const std::string_view wanted = cpu ? R"(CPUs such as "500m" or "2")" : R"(a quantity such as "512Mi" or "4Gi")";
  const std::string_view text = trimmed(original);
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || !(number >= 0)) refuse(parameter, wanted, original);
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const Suffix& known : quantity_suffixes) {
    const double value = number * known.factor * (cpu ? 1e3 : 0x1p-20);
    if (known.text == suffix && value <= largest) return value;
  }
  refuse(parameter, wanted, original);
}

std::string_view written_unit(const Parameter& parameter) {
  if (parameter.unit == "MiB") return parameter.notation == "quantity" ? "Mi" : "m";
  return parameter.unit == "millicores" ? "m" : std::string_view(parameter.unit);
}

double parse_plain(const Parameter& parameter, std::string_view original) {
  const std::string text = trimmed_lower(original);
  const bool integer = parameter.type == ParameterType::integer;
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(value) || (integer && (std::trunc(value) != value || std::abs(value) > largest))) {
    refuse(parameter, integer ? "an integer" : "a number", original);
  }
  return value;
}

}  // namespace

bool is_memory(const Parameter& parameter) {
  constexpr std::string_view units[] = {"B", "KiB", "MiB", "GiB"};
  if (std::find(std::begin(units), std::end(units), parameter.unit) != std::end(units)) return true;
  return parameter.unit.empty() && (parameter.name.ends_with("_mib") || parameter.name.ends_with("_bytes"));
}

double bytes_per_unit(const Parameter& parameter) {
  if (parameter.unit == "MiB" || parameter.name.ends_with("_mib")) return 0x1p20;
  return parameter.unit == "GiB" ? 0x1p30 : parameter.unit == "KiB" ? 0x1p10 : 1;
}

double Space::snap(std::size_t index, double value) const {
  const Parameter& parameter = parameters.at(index);
  if (std::isnan(value)) return value;
  if (parameter.type == ParameterType::categorical) {
    return std::clamp(std::round(value), 0.0, static_cast<double>(parameter.values.size()) - 1);
  }
  const double step = spacing(index);
  const double inside = std::clamp(value, parameter.min, parameter.max);
  if (step == 0) return inside;
  const double last = levels(index) - 1;
  const double snapped = parameter.min + std::min(std::round((inside - parameter.min) / step), last) * step;
  return parameter.type == ParameterType::integer ? snapped : std::min(decimal(snapped), parameter.max);
}

double Space::spacing(std::size_t index) const {
  const Parameter& parameter = parameters.at(index);
  if (parameter.type == ParameterType::categorical) return 1;
  return parameter.step > 0 ? parameter.step : parameter.type == ParameterType::integer ? 1 : 0;
}

double Space::levels(std::size_t index) const {
  const Parameter& parameter = parameters.at(index);
  if (parameter.type == ParameterType::categorical) return static_cast<double>(parameter.values.size());
  if (parameter.min == parameter.max) return 1;
  const double apart = spacing(index);
  return apart == 0 ? 0 : std::floor((parameter.max - parameter.min) / apart + 1e-9) + 1;
}

double Space::level(std::size_t index, double number) const {
  const Parameter& parameter = parameters.at(index);
  return parameter.type == ParameterType::categorical ? number : snap(index, parameter.min + number * spacing(index));
}

double Space::cardinality() const {
  double product = 1;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const double count = levels(i);
    product *= count == 0 ? HUGE_VAL : count;
  }
  return product;
}

Point Space::numbered(std::uint64_t number) const {
  Point point(parameters.size());
  for (std::size_t i = 0; i < point.size(); ++i) {
    const auto count = static_cast<std::uint64_t>(levels(i));
    point[i] = level(i, static_cast<double>(number % count));
    number /= count;
  }
  return point;
}

std::string Space::format(std::size_t index, double value) const {
  const Parameter& parameter = parameters.at(index);
  switch (parameter.type) {
    case ParameterType::categorical:
      if (value >= 0 && value < static_cast<double>(parameter.values.size())) {
        return parameter.values[static_cast<std::size_t>(value)];
      }
      break;
    case ParameterType::integer:
      if (std::abs(value) > largest || std::trunc(value) != value) break;
      return fmt::format("{:.0f}{}", value, written_unit(parameter));
    case ParameterType::real:
      if (std::isfinite(value)) return fmt::format("{}", value);
  }
  throw Error(Status::invalid_argument, fmt::format("{}: {} is no value of it", parameter.name, value));
}

double Space::parse_value(std::size_t index, std::string_view text) const {
  const Parameter& parameter = parameters.at(index);
  if (parameter.type != ParameterType::categorical) {
    if (is_quantity(parameter)) return parse_quantity(parameter, text);
    return parameter.unit.empty() ? parse_plain(parameter, text) : parse_with_unit(parameter, text);
  }
  const auto found = std::find(parameter.values.begin(), parameter.values.end(), text);
  if (found == parameter.values.end()) refuse(parameter, "one of its values", text);
  return static_cast<double>(found - parameter.values.begin());
}

}  // namespace jobmedic
