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

// "spark-master_1  | ": the name of a container, at least one space, and what Compose puts before each of its lines.
std::size_t compose_wrapper(std::string_view line) {
  std::string_view rest = line;
  if (rest.empty() || !is_lower(rest.front())) return 0;
  take_while(rest, 80, [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; });
  if (take_while(rest, 40, [](char c) { return c == ' '; }).empty() || !take(rest, "|")) return 0;
  take(rest, " ");
  return line.size() - rest.size();
}

}  // namespace

Wrapper wrapper_of(std::string_view head) {
  bool airflow = false;
  std::size_t compose = 0;
  std::size_t lines = 0;
  const auto look = [&](std::string_view line) {
    if (line.empty()) return;
    ++lines;
    airflow = airflow || take_header(line).has_value();
    if (compose + 2 >= lines && compose_wrapper(line) > 0) ++compose;
  };
  look(head);
  each_line_break(head, [&](std::size_t at) { look(head.substr(at + 1)); });
  if (airflow) return Wrapper::airflow;
  // All lines are, but perhaps the first ("Attaching to ...") and the last, which may be cut off.
  return compose >= 2 && compose + 2 >= lines ? Wrapper::compose : Wrapper::none;
}

std::size_t wrapper_size(Wrapper wrapper, std::string_view line) {
  line = line.substr(0, longest_wrapper);
  return wrapper == Wrapper::airflow ? airflow_wrapper(line) : compose_wrapper(line);
}

}  // namespace jobmedic::classify
