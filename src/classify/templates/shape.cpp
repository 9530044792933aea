// Three passes over one line, each a loop over bytes: words and paths, dates and units, runs of parameters.
#include "classify/templates/shape.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace jobmedic::classify {
namespace {

constexpr std::size_t longest_quote = 200;

enum : unsigned char { digit = 1, letter = 2, joint = 4, in_path = 8, punctuation = 16, glued = 32 };

// What a byte can be part of. ASCII only: other bytes are text.
constexpr std::array<unsigned char, 256> kinds = [] {
  std::array<unsigned char, 256> table{};
  const auto mark = [&](std::string_view bytes, unsigned char kind) {
    for (const char c : bytes) table[static_cast<unsigned char>(c)] |= kind;
  };
  for (unsigned char c = '0'; c <= '9'; ++c) table[c] = digit | in_path;
  for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = letter | in_path;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) table[c] = letter | in_path;
  mark("_", letter | in_path);
  mark(".@-", joint);
  mark(".@%+~=:-,$*{}?&", in_path);
  mark(" :.,-+/_#~@*<>%", punctuation);  // between two parameters: part of one
  mark("-+<>$#/", glued);                // before a parameter: its sign
  return table;
}();

bool is(char c, unsigned char kind) {
  return (kinds[static_cast<unsigned char>(c)] & kind) != 0;
}
bool word_byte(char c) {
  return is(c, digit | letter);
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool ends_like_an_exception(std::string_view name) {
  return name.ends_with("Error") || name.ends_with("Exception") || name.ends_with("Throwable");
}

// com.example.s3a.Client: digits in a package do not make its class a parameter, nor do those of Py4JJavaError.
bool names_a_class(std::string_view word) {
  const std::size_t dot = word.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? word : word.substr(dot + 1);
  if (ends_like_an_exception(last)) return true;
  if (dot == std::string_view::npos || last.empty() || last[0] < 'A' || last[0] > 'Z') return false;
  const bool letters = std::all_of(last.begin(), last.end(), [](char c) { return is(c, letter) && c != '_'; });
  return letters && std::any_of(last.begin() + 1, last.end(), [](char c) { return c >= 'a'; });
}

bool all_hexadecimal(std::string_view word) {
  return word.size() >= 8 && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'f'; });
}

// Length of the path at `at`, which is a '/': at least two steps, or any after "scheme:/".
std::size_t path_length(std::string_view line, std::size_t at, bool after_scheme) {
  std::size_t end = at + 1;
  while (end < line.size() && is(line[end], in_path)) ++end;
  if (end == at + 1) return 0;
  if (!after_scheme && (end == line.size() || line[end] != '/')) return 0;
  while (end < line.size() && (line[end] == '/' || is(line[end], in_path))) ++end;
  while (line[end - 1] == ':' || line[end - 1] == ',' || line[end - 1] == '.') --end;
  return end - at;
}

// Length of the quoted name at `at`, or 0: an apostrophe, or nothing that ends.
std::size_t quote_length(std::string_view line, std::size_t at) {
  if (at > 0 && word_byte(line[at - 1])) return 0;
  const std::size_t end = line.substr(0, at + longest_quote).find(line[at], at + 1);
  if (end == std::string_view::npos || end == at + 1) return 0;
  return end + 1 < line.size() && word_byte(line[end + 1]) ? 0 : end + 1 - at;
}

// Length of the word at `at`: "blk_-38", "node-7.example.org", "a@b"; and whether it holds a digit.
std::size_t word_length(std::string_view line, std::size_t at, bool& digits) {
  std::size_t end = at;
  std::size_t after_word = at;
  for (; end < line.size() && is(line[end], digit | letter | joint); ++end) {
    if (is(line[end], joint)) continue;
    digits = digits || is(line[end], digit);
    after_word = end + 1;
  }
  return after_word - at;
}

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& sorted, std::string_view word) {
  std::array<char, 8> small{};
  if (word.empty() || word.size() > small.size()) return false;
  std::transform(word.begin(), word.end(), small.begin(), lower);
  return std::binary_search(sorted.begin(), sorted.end(), std::string_view(small.data(), word.size()));
}

bool names_a_day_or_month(std::string_view word) {
  static constexpr std::array<std::string_view, 19> names{"apr", "aug", "dec", "feb", "fri", "jan", "jul",
                                                          "jun", "mar", "may", "mon", "nov", "oct", "sat",
                                                          "sep", "sun", "thu", "tue", "wed"};
  return word.size() == 3 && one_of(names, word);
}

bool names_a_unit(std::string_view word) {
  static constexpr std::array<std::string_view, 34> names{
      "b",   "byte",   "bytes",   "day",  "days", "g",   "gb",   "gib",    "h",       "hour", "hours", "k",
      "kb",  "kib",    "m",       "mb",   "mib",  "min", "mins", "minute", "minutes", "ms",   "ns",    "s",
      "sec", "second", "seconds", "secs", "t",    "tb",  "tib",  "us",     "usec",    "week"};
  return one_of(names, word);
}

// The token without brackets and stops around it.
std::string_view core_of(std::string_view token) {
  constexpr std::string_view around = ".,()[]";
  const std::size_t begin = token.find_first_not_of(around);
  if (begin == std::string_view::npos) return {};
  return token.substr(begin, token.find_last_not_of(around) - begin + 1);
}

}  // namespace

std::string_view ShapeReader::read(std::string_view line) {
  mask_words(line.substr(0, longest_line));
  mask_dates_and_units();
  join_parameters();
  cut_tokens();
  return joined_;
}

void ShapeReader::mask_words(std::string_view line) {
  masked_.clear();
  for (std::size_t i = 0; i < line.size();) {
    const char c = line[i];
    std::size_t length = 0;
    if (word_byte(c)) {
      bool digits = false;
      length = word_length(line, i, digits);
      const std::string_view word = line.substr(i, length);
      const std::string_view rest = line.substr(i + length);
      const std::size_t url = rest.starts_with("://") ? path_length(line, i + length + 2, true) : 0;
      if (url > 0) {
        masked_ += parameter;
        length += 2 + url;
      } else if (digits ? !names_a_class(word) : all_hexadecimal(word)) {
        masked_ += parameter;
      } else {
        masked_ += word;
      }
    } else if (static_cast<unsigned char>(c) <= ' ') {
      if (!masked_.empty() && masked_.back() != ' ') masked_ += ' ';
      length = 1;
    } else {
      const bool after_word = i > 0 && (word_byte(line[i - 1]) || line[i - 1] == '.' || line[i - 1] == '>');
      if (c == '/' && !after_word) length = path_length(line, i, false);
      if (c == '\'' || c == '`') length = quote_length(line, i);
      masked_ += length > 0 ? parameter : c;
      length = std::max<std::size_t>(length, 1);
    }
    i += length;
  }
  if (!masked_.empty() && masked_.back() == ' ') masked_.pop_back();
}

// "Tue Jul 26" and "12 MB": words that are part of the number beside them.
void ShapeReader::mask_dates_and_units() {
  marked_.clear();
  std::string_view rest = masked_;
  while (!rest.empty()) {
    const std::string_view token = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(token.size() + 1, rest.size()));
    const bool after_parameter = !marked_.empty() && marked_.back() == parameter;
    if (!marked_.empty()) marked_ += ' ';
    const std::string_view core = token.size() <= 12 ? core_of(token) : std::string_view();
    const bool before_parameter =
        !rest.empty() && (rest.front() == parameter || names_a_day_or_month(rest.substr(0, rest.find(' '))));
    if (names_a_day_or_month(core) && (after_parameter || before_parameter)) {
      marked_ += parameter;
    } else if (after_parameter && names_a_unit(core)) {
      const auto at = static_cast<std::size_t>(core.data() - token.data());
      marked_ += token.substr(0, at);
      marked_ += parameter;
      marked_ += token.substr(at + core.size());
    } else {
      marked_ += token;
    }
  }
}

// "<*>:<*>", "<*>, <*>", "-<*>", "<*> (<*>)", "<*> ()": one parameter each.
void ShapeReader::join_parameters() {
  joined_.clear();
  for (const char c : marked_) {
    if (c == ')' && closes_brackets_after_parameter()) {
      joined_.resize(joined_.rfind('(') - (joined_[joined_.rfind('(') - 1] == ' ' ? 1 : 0));
      continue;
    }
    if (c == parameter) {
      while (!joined_.empty() && is(joined_.back(), glued)) joined_.pop_back();
      std::size_t before = joined_.size();
      while (before > 0 && is(joined_[before - 1], punctuation)) --before;
      if (before > 0 && joined_[before - 1] == parameter) {
        joined_.resize(before);
        continue;
      }
    }
    joined_ += c;
  }
}

// "<*> (" and "<*> (<*>", where a ')' comes next.
bool ShapeReader::closes_brackets_after_parameter() const {
  std::string_view text = joined_;
  if (!text.empty() && text.back() == parameter) text.remove_suffix(1);
  return text.ends_with("\x01(") || text.ends_with("\x01 (");
}

void ShapeReader::cut_tokens() {
  std::size_t spaces = 0;
  for (std::size_t i = 0; i < joined_.size(); ++i) {
    if (joined_[i] != ' ' || ++spaces < most_tokens) continue;
    joined_.resize(i + 1);
    joined_ += parameter;
    return;
  }
}

std::vector<std::string_view> tokens_of(std::string_view shape) {
  std::vector<std::string_view> tokens;
  while (!shape.empty()) {
    const std::string_view token = shape.substr(0, shape.find(' '));
    shape.remove_prefix(std::min(token.size() + 1, shape.size()));
    if (!token.empty()) tokens.push_back(token);
  }
  return tokens;
}

std::string shown(std::string_view shape) {
  std::string text;
  for (const char c : shape) {
    if (c == parameter) {
      text += "<*>";
    } else {
      text += c;
    }
  }
  return valid_utf8(text);
}

}  // namespace jobmedic::classify
