#include "classify/templates/log_line.hpp"

#include <algorithm>
#include <array>

namespace jobmedic::classify {
namespace {

constexpr std::size_t longest_header = 160;  // time, thread, logger: the level stands within them

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool name_byte(char c) {
  return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '$';
}

struct LevelName {
  std::string_view name;
  Level level;
};
constexpr std::array<LevelName, 12> level_names{{{"FATAL", Level::fatal},
                                                 {"CRITICAL", Level::fatal},
                                                 {"SEVERE", Level::fatal},
                                                 {"PANIC", Level::fatal},
                                                 {"ERROR", Level::error},
                                                 {"WARNING", Level::warning},
                                                 {"WARN", Level::warning},
                                                 {"INFO", Level::low},
                                                 {"DEBUG", Level::low},
                                                 {"TRACE", Level::low},
                                                 {"fatal:", Level::fatal},
                                                 {"error:", Level::error}}};

bool ends_like_an_exception(std::string_view name) {
  return name.ends_with("Error") || name.ends_with("Exception") || name.ends_with("Throwable");
}

std::string_view simple_name(std::string_view name) {
  const std::size_t dot = name.find_last_of(".$");
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

Level level_of(std::string_view line) {
  line = line.substr(0, longest_header);
  std::size_t first = std::string_view::npos;
  Level level = Level::none;
  for (const LevelName& known : level_names) {
    const std::size_t at = line.substr(0, std::min(first, line.size())).find(known.name);
    if (at == std::string_view::npos) continue;
    const std::size_t end = at + known.name.size();
    const bool whole = (at == 0 || !letter(line[at - 1])) && (end == line.size() || !letter(line[end]));
    if (!whole) continue;
    first = at;
    level = known.level;
  }
  return level;
}

NamedException exception_in(std::string_view line) {
  NamedException found;
  std::size_t from = 0;
  while (from < line.size()) {
    // Only a name that ends so: look for the ends, then for its beginning.
    const std::size_t tail = line.find_first_of("rne", from);
    if (tail == std::string_view::npos) break;
    from = tail + 1;
    const bool ends_here =
        from == line.size() || !name_byte(line[from]) || (line[from] == '.' && from + 1 == line.size());
    if (!ends_here) continue;
    const bool message = from == line.size() || line[from] == ':' || line[from] == ' ' || line[from] == '\r';
    if (!message || !ends_like_an_exception(line.substr(0, from))) continue;
    std::size_t begin = from;
    while (begin > 0 && name_byte(line[begin - 1])) --begin;
    const std::string_view name = line.substr(begin, from - begin);
    const std::string_view simple = simple_name(name);
    const bool qualified = simple.size() < name.size();
    const bool names_a_class = !simple.empty() && simple[0] >= 'A' && simple[0] <= 'Z' && simple.size() > 5;
    const std::string_view before = trimmed(line.substr(0, begin));
    const bool uncaught = before.starts_with("Exception in thread ") && before.size() < 120;
    const bool caused = before == "Caused by:" || before == ":";
    const bool leads = before.empty() || uncaught || caused || before == "Suppressed:";
    // Within a line only a qualified name, or one with a message, is surely a class and not a word of the message.
    const bool colon = from < line.size() && line[from] == ':';
    if (!names_a_class || simple == "Exception" || (!leads && !qualified && !colon)) continue;
    found = {name, begin, found.leads || leads, found.caused || caused, found.uncaught || uncaught};
  }
  return found;
}

bool is_stack_frame(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return false;
  const std::string_view text = line.substr(begin);
  if (text.starts_with("at ") && begin > 0) return true;
  if (text.starts_with("... ") && text.ends_with(" more")) return true;
  return begin > 0 && text.starts_with("File \"");
}

bool begins_shutdown(std::string_view line) {
  static constexpr std::array<std::string_view, 5> signs{"hutdown hook", "SparkContext is stopping", "RECEIVED SIGNAL",
                                                         "during shutdown", "is shutting down"};
  return std::any_of(signs.begin(), signs.end(), [&](auto sign) { return line.find(sign) != std::string_view::npos; });
}

bool only_wraps(std::string_view exception) {
  static constexpr std::array<std::string_view, 12> wrappers{
      "Exception",      "ExecutionException",      "InvocationTargetException", "PrivilegedActionException",
      "Py4JJavaError",  "PythonException",         "RuntimeException",          "SparkDriverExecutionException",
      "SparkException", "StreamingQueryException", "UncheckedIOException",      "UndeclaredThrowableException"};
  return std::binary_search(wrappers.begin(), wrappers.end(), simple_name(exception));
}

}  // namespace jobmedic::classify
