#include "classify/wrapped_lines.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <utility>

#include "classify/line_breaks.hpp"

namespace jobmedic::classify {
namespace {

// Airflow's modules that pass on what a process, a pod or a print() says; the pod's container may stand before it.
constexpr std::string_view pods = "pod_manager";
constexpr std::array<std::string_view, 10> passing_on{
    "bash", "bash_operator", "docker",       "logging_mixin", "pod_launcher",
    pods,   "process_utils", "spark_submit", "ssh",           "subprocess"};

constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_digit(char c) {
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
  bool on_every_line;  // else one line of the head is enough: nothing but this tool writes like that, in brackets
  std::string_view begin;
};
constexpr std::array styles{
    Style{Wrapper::container_runtime, true, "%t stdout F "},
    Style{Wrapper::container_runtime, true, "%t stderr F "},
    Style{Wrapper::container_runtime, true, "%t stdout P "},
    Style{Wrapper::container_runtime, true, "%t stderr P "},
    Style{Wrapper::kubectl, true, "[pod/%w] "},
    Style{Wrapper::syslog, true, "%m %w %w[%n]: "},
    Style{Wrapper::syslog, true, "%t %w %w[%n]: "},
    Style{Wrapper::ray, false, "(%w pid=%n) "},
    Style{Wrapper::ray, false, "(%w pid=%n, ip=%w) "},
    Style{Wrapper::ray, false, "(raylet) "},
    Style{Wrapper::ray, false, "(raylet, ip=%w) "},
    Style{Wrapper::ranks, false, "[rank%n]: "},
    Style{Wrapper::ranks, false, "[%n,%n]<stdout>:"},
    Style{Wrapper::ranks, false, "[%n,%n]<stderr>:"},
    Style{Wrapper::tasks, true, "%n: "},
    Style{Wrapper::stern, true, "%g %c "},
    Style{Wrapper::stern, true, "%g: "},
    Style{Wrapper::compose, true, "%c%_| "},
    Style{Wrapper::gitlab, true, "%t %nO "},
    Style{Wrapper::gitlab, true, "%t %nE "},
    Style{Wrapper::gitlab, true, "%t %nO+"},
    Style{Wrapper::gitlab, true, "%t %nE+"},
    Style{Wrapper::timestamps, true, "%t %p "},
    Style{Wrapper::timestamps, true, "%t "},
};

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

constexpr bool may_begin(const Style& style, char first) {
  if (style.begin[0] != '%') return style.begin[0] == first;
  if (style.begin[1] == 'm') return first >= 'A' && first <= 'Z';
  return is_digit(first) || (is_lower(first) && style.begin[1] != 't' && style.begin[1] != 'n');
}

using WrapperBits = std::uint32_t;
constexpr WrapperBits bit_of(Wrapper wrapper) {
  return WrapperBits{1} << static_cast<unsigned>(wrapper);
}

// Most lines are in no style, and their first byte shows it.
constexpr std::array<WrapperBits, 128> make_begun_by() {
  std::array<WrapperBits, 128> bits{};
  for (std::size_t first = 0; first < bits.size(); ++first) {
    for (const Style& style : styles) {
      if (may_begin(style, static_cast<char>(first))) bits[first] |= bit_of(style.wrapper);
    }
  }
  return bits;
}
constexpr std::array<WrapperBits, 128> begun_by = make_begun_by();

constexpr WrapperBits make_on_every_line() {
  WrapperBits bits = 0;
  for (const Style& style : styles) bits |= style.on_every_line ? bit_of(style.wrapper) : 0;
  return bits;
}
constexpr WrapperBits on_every_line = make_on_every_line();

// Which of the possible wrappers the line is of.
WrapperBits wrappers_of(std::string_view line, WrapperBits possible) {
  const auto first = static_cast<unsigned char>(line.front());
  possible &= first < begun_by.size() ? begun_by[first] : 0;
  if (possible == 0) return 0;
  const bool with_time = line.size() > 20 && line[4] == '-' && line[10] == 'T';
  WrapperBits found = 0;
  for (const Style& style : styles) {
    const WrapperBits bit = bit_of(style.wrapper);
    if ((possible & ~found & bit) == 0 || (style.begin[1] == 't' && !with_time)) continue;
    if (begin_size(style.begin, line) > 0) found |= bit;
  }
  return found;
}

// Who speaks in a line of syslog: the host and the process. A system's log is many processes', a job's one's.
std::string_view speaker(std::string_view line) {
  constexpr std::size_t shortest_time = 15;
  const std::string_view wrapped = line.substr(0, wrapper_size(Wrapper::syslog, line));
  const std::size_t end = wrapped.find(' ', shortest_time);
  return end == std::string_view::npos ? std::string_view() : wrapped.substr(end);
}

}  // namespace

Wrapper wrapper_of(std::string_view head) {
  bool airflow = false;
  std::size_t lines = 0;
  std::string_view speaking;
  WrapperBits last = 0;  // of the latest line
  WrapperBits once = 0;  // of at least one line
  WrapperBits twice = 0;
  // Of all lines but the first ("Attaching to ...") and the last, which may be cut off.
  WrapperBits all = on_every_line;
  const auto look = [&](std::string_view line, WrapperBits possible) {
    last = wrappers_of(line.substr(0, longest_wrapper), possible);
    if ((last & bit_of(Wrapper::syslog)) != 0) {
      const std::string_view before = std::exchange(speaking, speaker(line));
      if (!before.empty() && before != speaking) last &= ~bit_of(Wrapper::syslog);
    }
    twice |= once & last;
    once |= last;
  };
  const auto look_at_next = [&](std::string_view line) {
    if (line.empty()) return;
    if (line.front() == '[' && !airflow) {
      std::string_view rest = line;
      airflow = take_header(rest).has_value();
    }
    if (++lines > 2) all &= last;
    look(line, lines == 1 ? ~on_every_line : all | ~on_every_line);
  };
  look_at_next(head);
  each_line_break(head, [&](std::size_t at) { look_at_next(head.substr(at + 1)); });
  if (airflow) return Wrapper::airflow;
  if ((all & once & ~twice) != 0) look(head, all & once & ~twice);  // few logs get so far
  const WrapperBits found = (all & twice) | (once & ~on_every_line);
  return found == 0 ? Wrapper::none : static_cast<Wrapper>(std::countr_zero(found));
}

std::size_t wrapper_size(Wrapper wrapper, std::string_view line) {
  line = line.substr(0, longest_wrapper);
  if (wrapper == Wrapper::airflow) return airflow_wrapper(line);
  for (const Style& style : styles) {
    if (style.wrapper != wrapper) continue;
    if (const std::size_t size = begin_size(style.begin, line); size > 0) return size;
  }
  return 0;
}

}  // namespace jobmedic::classify
