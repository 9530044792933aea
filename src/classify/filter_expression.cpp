#include "classify/filter_expression.hpp"

#include <algorithm>

#include "classify/regex.hpp"
#include "classify/regex_class.hpp"
#include "classify/telling_part.hpp"
#include "classify/unrolled_size.hpp"

namespace jobmedic::classify {
namespace {

constexpr std::string_view nothing = "(?:)";
constexpr std::size_t most_unrolled = 2'000;  // by repeats; beyond, libhs may take minutes to find it too large

// Copies a regex, one token at a time, without the assertions named above.
class Rewriter {
 public:
  Rewriter(std::string_view regex, bool extended) : rest_(regex), extended_(extended) {}

  std::optional<std::string> run() {
    while (!rest_.empty()) {
      if (rest_.front() == '\\') {
        escape();
      } else if (rest_.front() == '[') {
        character_class();
      } else if (rest_.substr(0, 2) == "(?") {
        if (!group()) return std::nullopt;
      } else if (rest_.front() == '#' && extended_) {
        skip(rest_.find('\n'));
      } else {
        copy(1);
      }
    }
    return out_;
  }

 private:
  void copy(std::size_t count) {
    count = std::min(count, rest_.size());
    out_ += rest_.substr(0, count);
    rest_.remove_prefix(count);
  }
  void skip(std::size_t count) { rest_.remove_prefix(std::min(count, rest_.size())); }

  void escape() {
    if (rest_.substr(0, 2) == "\\Q") {
      const std::size_t end = rest_.find("\\E");
      copy(end == std::string_view::npos ? end : end + 2);
      return;
    }
    if (rest_.size() > 1 && std::string_view("AzZGbBK").find(rest_[1]) != std::string_view::npos) {
      out_ += nothing;
      skip(2);
      return;
    }
    copy(rest_.substr(0, 2) == "\\c" ? 3 : 2);
  }

  void character_class() {
    copy(rest_.substr(0, 2) == "[^" ? 2 : 1);
    if (!rest_.empty() && rest_.front() == ']') copy(1);
    while (!rest_.empty() && rest_.front() != ']') {
      if (rest_.substr(0, 2) == "\\Q") {
        escape();
      } else if (rest_.front() == '\\') {
        copy(rest_.substr(0, 2) == "\\c" ? 3 : 2);
      } else if (rest_.substr(0, 2) == "[:" && rest_.find(":]") != std::string_view::npos) {
        copy(rest_.find(":]") + 2);
      } else {
        copy(1);
      }
    }
    copy(1);
  }

  // Settings inside the regex that change what '^', '$' or '#' mean are not followed: "(?-m)", "(?x)", "(?^)".
  bool group() {
    if (rest_.substr(0, 3) == "(?#") {
      const std::size_t end = rest_.find(')');
      skip(end == std::string_view::npos ? end : end + 1);
      return true;
    }
    const std::size_t end = rest_.find_first_not_of("imsxnUJ-^", 2);
    const bool settings = end != std::string_view::npos && end > 2 && (rest_[end] == ')' || rest_[end] == ':');
    if (settings && rest_.substr(0, end).find_first_of("mx^") != std::string_view::npos) return false;
    copy(2);
    return true;
  }

  std::string_view rest_;
  bool extended_;
  std::string out_;
};

// What follows the first \K outside of groups, if there is one: each match contains one of that, and where \K is used
// it tells more than what leads there. The whole regex where alternatives or numbered groups stand in the way, or a
// comment.
std::string_view after_keep(std::string_view regex) {
  std::size_t kept = 0;
  int depth = 0;
  for (std::size_t i = 0; i < regex.size(); ++i) {
    const std::string_view rest = regex.substr(i);
    if (rest.front() == '\\') {
      if (rest.size() < 2 || rest[1] == 'Q') return regex;
      if (rest[1] == 'K' && depth == 0 && kept == 0) kept = i + 2;
      ++i;
    } else if (rest.front() == '[') {
      i = class_end(regex, i) - 1;
    } else if (rest.front() == '(') {
      const bool looks_behind = rest.starts_with("(?<=") || rest.starts_with("(?<!");
      const bool captures = !looks_behind && (!rest.starts_with("(?") || rest.find_first_of("<P'|#", 2) == 2);
      if (captures && kept == 0) return regex;
      ++depth;
    } else if (rest.front() == ')') {
      --depth;
    }
    if (depth < 0 || (depth == 0 && rest.front() == '|')) return regex;
  }
  return regex.substr(kept);
}

// Whether what its repeats stand for is more than libhs compiles in a few seconds.
bool is_too_large(std::string_view expression) {
  return unrolled_size(expression) > expression.size() + most_unrolled;
}

}  // namespace

std::optional<std::string> filter_expression(std::string_view regex, std::string_view flags) {
  if (regex.find('\0') != std::string_view::npos) return std::nullopt;  // Hyperscan takes C strings
  const bool extended = flags.find('x') != std::string_view::npos;
  if (regex.starts_with(sees_log)) regex.remove_prefix(sees_log.size());
  regex = after_keep(regex);
  std::optional<std::string> expression;
  if (!extended) expression = telling_part(regex);
  if (!expression) {
    expression = Rewriter(regex, extended).run();
    if (expression && extended) *expression = "(?x)" + *expression;
  }
  if (expression && is_too_large(*expression)) return std::nullopt;
  return expression;
}

}  // namespace jobmedic::classify
