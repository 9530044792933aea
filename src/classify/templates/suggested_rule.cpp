#include "classify/templates/suggested_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/embedded.hpp"
#include "json/reader.hpp"

namespace jobmedic::classify {
namespace {

constexpr std::string_view wildcard_mark = "<*>";
constexpr std::string_view wildcard = ".{1,200}";
constexpr std::size_t most_wildcards = 3;  // each multiplies what a failing match may try
constexpr std::size_t fewest_letters = 10;
constexpr std::size_t longest_literal = 160;
constexpr std::size_t longest_name = 48;

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Words that stand in the lines of any failure.
bool says_nothing(std::string_view word) {
  static constexpr std::array<std::string_view, 37> common{
      "Caused",  "ERROR", "Error", "Exception", "FATAL",   "INFO", "Main",  "Task",     "Throwable", "WARN",
      "apache",  "at",    "been",  "called",    "calling", "com",  "error", "errors",   "exception", "failed",
      "failure", "from",  "have",  "io",        "java",    "lang", "main",  "occurred", "org",       "python",
      "spark",   "sql",   "stage", "task",      "that",    "this", "with"};
  return word.size() < 2 || std::binary_search(common.begin(), common.end(), word);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && letter(text[end])) ++end;
    if (end > i) words.push_back(text.substr(i, end - i));
    i = std::max(end, i + 1);
  }
  return words;
}

std::size_t telling_letters(std::string_view literal) {
  std::size_t count = 0;
  for (const std::string_view word : words_of(literal)) count += says_nothing(word) ? 0 : word.size();
  return count;
}

// What stands between the parameters; the first and last may be empty.
std::vector<std::string_view> literals_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(wildcard_mark);
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + wildcard_mark.size());
  }
  return parts;
}

std::string escaped(std::string_view literal) {
  constexpr std::string_view replaced = "\xEF\xBF\xBD";  // stands for a byte of the log that was no UTF-8
  std::string regex;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    const char c = literal[i];
    if (c == ' ') {
      regex += "\\s+";  // the template has one space where the line may have more, or a tab
    } else if (literal.substr(i).starts_with(replaced)) {
      regex += ".{1,3}";
      i += replaced.size() - 1;
    } else {
      if (std::string_view("\\^$.[]|()?*+{}#").find(c) != std::string_view::npos) regex += '\\';
      regex += c;
    }
  }
  return regex;
}

// A long message is told by its beginning; cut between words.
std::string_view shortened(std::string_view literal) {
  if (literal.size() <= longest_literal) return literal;
  const std::size_t space = literal.rfind(' ', longest_literal);
  return literal.substr(0, space == std::string_view::npos || space == 0 ? longest_literal : space);
}

struct Part {
  std::size_t first = 0;
  std::size_t count = 0;
  std::size_t letters = 0;
};

// The consecutive literals, at most three parameters between them, that say most.
Part most_telling(const std::vector<std::string_view>& literals) {
  Part best;
  for (std::size_t first = 0; first < literals.size(); ++first) {
    Part part{first, 0, 0};
    for (std::size_t i = first; i < std::min(literals.size(), first + most_wildcards + 1); ++i) {
      part.letters += telling_letters(literals[i]);
      ++part.count;
      if (part.letters > best.letters) best = part;
      if (literals[i].size() > longest_literal) break;  // cut there
    }
  }
  return best;
}

std::string_view simple_name(std::string_view exception) {
  const std::size_t dot = exception.find_last_of(".$");
  return dot == std::string_view::npos ? exception : exception.substr(dot + 1);
}

void add_capitalised(std::string& name, std::string_view word) {
  if (name.size() + word.size() > longest_name) return;
  name += word;
  char& first = name[name.size() - word.size()];
  if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 'a' + 'A');
}

}  // namespace

std::optional<std::string> regex_of(std::string_view text) {
  const std::vector<std::string_view> literals = literals_of(text);
  const Part part = most_telling(literals);
  if (part.letters < fewest_letters) return std::nullopt;
  std::string regex;
  for (std::size_t i = part.first; i < part.first + part.count; ++i) {
    std::string_view literal = literals[i];
    if (i == part.first) literal.remove_prefix(std::min(literal.find_first_not_of(' '), literal.size()));
    const bool last = i + 1 == part.first + part.count;
    if (last) literal = shortened(literal.substr(0, literal.find_last_not_of(' ') + 1));
    regex += escaped(literal);
    if (!last) regex += wildcard;
  }
  return regex;
}

std::string name_of(std::string_view text, std::string_view exception, std::set<std::string>& taken) {
  std::string name;
  for (const std::string_view word : words_of(simple_name(exception))) add_capitalised(name, word);
  const std::size_t colon = exception.empty() ? 0 : std::min(text.find(": "), text.size());
  std::size_t words = 0;
  for (const std::string_view word : words_of(text.substr(colon))) {
    if (word.size() < 3 || says_nothing(word) || words == 3) continue;
    add_capitalised(name, word);
    ++words;
  }
  if (name.empty()) name = "Unnamed";
  std::string free = name;
  for (int i = 2; !taken.insert(free).second; ++i) free = fmt::format("{}{}", name, i);
  return free;
}

void propose_category(Suggestion& suggestion, std::string_view exception) {
  const json::Value document = json::parse(embedded::families().front().text);
  const std::string words = fmt::format("{} {}", simple_name(exception), suggestion.text);
  for (const json::Reader& family : json::Reader(document).at("families").items()) {
    for (const std::string& sign : family.at("any").strings()) {
      if (words.find(sign) == std::string::npos) continue;
      suggestion.rule.category = family.at("category").string();
      suggestion.rule.fault = family.at("fault").string();
      suggestion.rule.restartable = family.at("restartable").boolean();
      suggestion.rule.advice = family.at("advice").string();
      suggestion.why = fmt::format("{} (\"{}\")", family.at("why").string(), sign);
      return;
    }
  }
  // A failure that no rule knows keeps its retry; so does one whose kind nobody has told yet.
  suggestion.rule.category = "user_code";
  suggestion.rule.fault = "user";
  suggestion.rule.restartable = true;
  suggestion.needs_choice = true;
  suggestion.why = "nothing in its words tells the kind: choose one";
}

}  // namespace jobmedic::classify
