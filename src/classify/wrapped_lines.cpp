#include "classify/wrapped_lines.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "classify/line_breaks.hpp"

namespace jobmedic::classify {
namespace {

// Airflow's modules that pass on what a process, a pod or a print() says; the pod's container may stand before it.
constexpr std::string_view pods = "pod_manager";
constexpr std::array<std::string_view, 10> passing_on{
    "bash", "bash_operator", "docker",       "logging_mixin", "pod_launcher",
    pods,   "process_utils", "spark_submit", "ssh",           "subprocess"};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes what of the text's beginning is `is_part`, at most so much; empty where there is none.
template <typename IsPart>
std::string_view take_while(std::string_view& text, std::size_t most, IsPart is_part) {
  const auto end = std::find_if_not(text.begin(), text.begin() + std::min(most, text.size()), is_part);
  const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

// "[2024-03-01, 02:12:57 UTC] {spark_submit.py:485} " -> the module; taken from the line.
std::optional<std::string_view> take_header(std::string_view& line) {
  constexpr std::size_t longest_time = 40;
  if (!take(line, "[") || line.empty() || !is_digit(line.front())) return std::nullopt;
  take_while(line, longest_time, [](char c) { return c != ']' && c != '\n'; });
  if (!take(line, "] {")) return std::nullopt;
  const std::string_view module = take_while(line, 40, [](char c) { return is_lower(c) || c == '_'; });
  if (module.empty() || !take(line, ".py:")) return std::nullopt;
  if (take_while(line, 6, is_digit).empty() || !take(line, "} ")) return std::nullopt;
  return module;
}

std::size_t airflow_wrapper(std::string_view line) {
  std::string_view rest = line;
  const auto module = take_header(rest);
  if (!module || std::find(passing_on.begin(), passing_on.end(), *module) == passing_on.end()) return 0;
  if (!take(rest, "INFO - ")) return 0;
  if (std::string_view after = rest; *module == pods && take(after, "[")) {
    take_while(after, 63, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
    if (take(after, "] ")) rest = after;
  }
  return line.size() - rest.size();
}

// How a tool begins its lines: %t is a time as RFC 3339 writes it, %m one of syslog, %n a number, %w a name, %c one of
// a container, %g one that Kubernetes generates, %p one with a path, %_ spaces.
struct Style {
  Wrapper wrapper;
  bool on_every_line;  // else one line of the head is enough: nothing but this tool writes like that
  std::array<std::string_view, 4> begins;
};
constexpr std::array<Style, 10> styles{{
    {Wrapper::container_runtime, true, {"%t stdout F ", "%t stderr F ", "%t stdout P ", "%t stderr P "}},
    {Wrapper::kubectl, true, {"[pod/%w] "}},
    {Wrapper::syslog, true, {"%m %w %w[%n]: ", "%t %w %w[%n]: "}},
    {Wrapper::ray, false, {"(%w pid=%n) ", "(%w pid=%n, ip=%w) ", "(raylet) ", "(raylet, ip=%w) "}},
    {Wrapper::ranks, false, {"[rank%n]: ", "[%n,%n]<stdout>:", "[%n,%n]<stderr>:"}},
    {Wrapper::tasks, true, {"%n: "}},
    {Wrapper::stern, true, {"%g %c ", "%g: "}},
    {Wrapper::compose, true, {"%c%_| "}},
    {Wrapper::gitlab, true, {"%t %nO ", "%t %nE ", "%t %nO+", "%t %nE+"}},
    {Wrapper::timestamps, true, {"%t %p ", "%t "}},
}};

bool take_digits(std::string_view& text, std::string_view like) {
  for (const char c : like) {
    if (text.empty() || (c == '0' ? !is_digit(text.front()) : text.front() != c)) return false;
    text.remove_prefix(1);
  }
  return true;
}

bool take_rfc3339(std::string_view& text) {
  if (!take_digits(text, "0000-00-00T00:00:00")) return false;
  if (take(text, ".")) take_while(text, 9, is_digit);
  if (take(text, "Z")) return true;
  return (take(text, "+") || take(text, "-")) && take_digits(text, "00") && (take(text, ":") || true) &&
         take_digits(text, "00");
}

// "Mar  1 02:31:54"
bool take_syslog_time(std::string_view& text) {
  if (text.size() < 5 || text[0] < 'A' || text[0] > 'Z' || !is_lower(text[1]) || !is_lower(text[2])) return false;
  text.remove_prefix(3);
  return (take(text, "  ") ? take_digits(text, "0 ") : take_digits(text, " 00 ")) && take_digits(text, "00:00:00");
}

bool take_part(std::string_view& text, char what) {
  const auto in_container_name = [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; };
  const auto in_name = [&](char c) { return in_container_name(c) || (c >= 'A' && c <= 'Z') || c == '/'; };
  switch (what) {
    case 't':
      return take_rfc3339(text);
    case 'm':
      return take_syslog_time(text);
    case 'n':
      return !take_while(text, 10, is_digit).empty();
    case 'w':
      return !take_while(text, 128, in_name).empty();
    case 'c':
      return !text.empty() && is_lower(text.front()) && !take_while(text, 80, in_container_name).empty();
    case 'g': {
      const std::string_view name = take_while(text, 80, in_container_name);
      return name.find('-') != std::string_view::npos && std::any_of(name.begin(), name.end(), is_digit);
    }
    case 'p':
      return take_while(text, 128, in_name).find('/') != std::string_view::npos;
    default:
      return !take_while(text, 40, [](char c) { return c == ' '; }).empty();
  }
}

// What of the line it takes; 0: another begins it. A space at the end is often cut off where nothing follows it.
std::size_t begin_size(std::string_view begin, std::string_view line) {
  std::string_view rest = line;
  for (std::size_t i = 0; i < begin.size(); ++i) {
    const bool line_ends = rest.empty() || rest.front() == '\n' || rest.front() == '\r';
    if (begin[i] == ' ' && i + 1 == begin.size() && line_ends) break;
    if (begin[i] == '%' ? !take_part(rest, begin[++i]) : !take(rest, begin.substr(i, 1))) return 0;
  }
  return line.size() - rest.size();
}

std::size_t style_size(const Style& style, std::string_view line) {
  for (const std::string_view begin : style.begins) {
    if (const std::size_t size = begin_size(begin, line); size > 0) return size;
  }
  return 0;
}

}  // namespace

Wrapper wrapper_of(std::string_view head) {
  bool airflow = false;
  std::array<std::size_t, styles.size()> counts{};  // of the lines in each style
  std::size_t lines = 0;
  const auto look = [&](std::string_view line) {
    if (line.empty()) return;
    ++lines;
    std::string_view rest = line;
    airflow = airflow || take_header(rest).has_value();
    line = line.substr(0, longest_wrapper);
    for (std::size_t i = 0; i < styles.size(); ++i) {
      const bool possible = !styles[i].on_every_line || counts[i] + 2 >= lines;
      if (possible && style_size(styles[i], line) > 0) ++counts[i];
    }
  };
  look(head);
  each_line_break(head, [&](std::size_t at) { look(head.substr(at + 1)); });
  if (airflow) return Wrapper::airflow;
  for (std::size_t i = 0; i < styles.size(); ++i) {
    // All lines are, but perhaps the first ("Attaching to ...") and the last, which may be cut off.
    const bool all = counts[i] >= 2 && counts[i] + 2 >= lines;
    if (styles[i].on_every_line ? all : counts[i] > 0) return styles[i].wrapper;
  }
  return Wrapper::none;
}

std::size_t wrapper_size(Wrapper wrapper, std::string_view line) {
  line = line.substr(0, longest_wrapper);
  if (wrapper == Wrapper::airflow) return airflow_wrapper(line);
  const auto style = std::find_if(styles.begin(), styles.end(), [&](const Style& it) { return it.wrapper == wrapper; });
  return style == styles.end() ? 0 : style_size(*style, line);
}

}  // namespace jobmedic::classify
