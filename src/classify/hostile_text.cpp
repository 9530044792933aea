#include "classify/hostile_text.hpp"

#include <algorithm>
#include <charconv>

namespace jobmedic::classify {
namespace {

constexpr std::size_t open_ended = 16;  // a repeat of more than this may be pumped
constexpr std::size_t most_texts = 32;
constexpr int deepest = 100;

// Writes one text that the regex matches, with every repeat at its least, and notes the repeats on the way.
class Walker {
 public:
  explicit Walker(std::string_view regex) : rest_(regex) {}

  std::vector<HostileText> run() {
    while (!rest_.empty()) {
      alternatives(0);
      take(1);  // a stray ')'
    }
    for (const Repeat& repeat : repeats_) add_texts(repeat);
    if (!repeats_.empty()) add("", without_last(text_));
    return texts_;
  }

 private:
  struct Repeat {
    std::string head;  // the text before it
    std::string body;
    std::size_t end;  // where the text after it begins
  };

  static std::string without_last(const std::string& text) {
    return text.substr(0, std::max<std::size_t>(text.size(), 1) - 1);
  }

  void add(const std::string& head, const std::string& pump) {
    if (!pump.empty() && texts_.size() < most_texts) texts_.push_back({head, pump});
  }

  // What comes next makes the repeat stop and start again; whole it would be a match, so also parts of it.
  void add_texts(const Repeat& repeat) {
    add(repeat.head, repeat.body);
    if (repeat.end >= text_.size() || !text_.starts_with(repeat.head)) return;
    constexpr std::size_t enough = 12;
    const std::string next = text_.substr(repeat.end, enough);
    add(repeat.head, next.substr(0, 1));
    if (next.size() > 2) add(repeat.head, without_last(next));
    add(repeat.head, next + repeat.body);
  }

  std::string_view take(std::size_t count) {
    const std::string_view text = rest_.substr(0, count);
    rest_.remove_prefix(text.size());
    return text;
  }
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    take(text.size());
    return true;
  }

  // The first alternative stays in the text; the others are walked for their repeats.
  void alternatives(int depth) {
    const std::size_t begin = text_.size();
    std::string first;
    bool more = false;
    while (!rest_.empty() && rest_.front() != ')') {
      if (take("|")) {
        if (!more) first = text_.substr(begin);
        more = true;
        text_.resize(begin);
        continue;
      }
      item(depth);
    }
    if (more) text_.replace(begin, std::string::npos, first);
  }

  void item(int depth) {
    const std::size_t begin = text_.size();
    if (rest_.front() == '(') {
      group(depth);
    } else if (rest_.front() == '[') {
      text_ += character_class();
    } else if (rest_.front() == '\\') {
      escape();
    } else if (rest_.front() == '^' || rest_.front() == '$') {
      take(1);
    } else {
      const char c = take(1).front();
      text_ += c == '.' ? 'a' : c;
    }
    repeat(begin);
  }

  void group(int depth) {
    take(1);
    bool assertion = false;
    if (take("?")) {
      assertion = take("=") || take("!") || take("<=") || take("<!");
      if (take("#")) take(std::min(rest_.find(')'), rest_.size()));
      const std::size_t head = rest_.find_first_of(":>)");
      if (!assertion && head != std::string_view::npos) take(rest_[head] == ')' ? head : head + 1);
    }
    const std::size_t begin = text_.size();
    if (depth < deepest) alternatives(depth + 1);
    take(")");
    if (assertion) text_.resize(begin);
  }

  void escape() {
    if (take("\\Q")) {
      const std::size_t end = std::min(rest_.find("\\E"), rest_.size());
      text_ += take(end);
      take("\\E");
      return;
    }
    take(1);
    if (!rest_.empty()) text_ += meant_by(take(1).front());
  }

  static std::string meant_by(char letter) {
    if (std::string_view("bBAzZGK").find(letter) != std::string_view::npos) return "";
    if (std::string_view("wDSNRVHXC").find(letter) != std::string_view::npos) return "a";
    if (std::string_view("sh").find(letter) != std::string_view::npos) return " ";
    if (letter >= '0' && letter <= '9') return "";  // a back reference
    switch (letter) {
      case 'd':
        return "0";
      case 'W':
        return "-";
      case 'n':
      case 'v':
        return "\n";
      case 't':
        return "\t";
      case 'r':
        return "\r";
      default:
        return {letter};
    }
  }

  std::string character_class() {
    take(1);
    const bool negated = take("^");
    std::string members;
    if (take("]")) members += ']';
    while (!rest_.empty() && rest_.front() != ']') {
      const std::size_t named = rest_.starts_with("[:") ? rest_.find(":]") : std::string_view::npos;
      if (named != std::string_view::npos) {
        const std::string_view name = take(named + 2);
        members += name == "[:digit:]" ? "0" : name == "[:space:]" ? " " : name == "[:punct:]" ? "-" : "a";
      } else if (take("\\")) {
        if (!rest_.empty()) members += meant_by(take(1).front());
      } else {
        members += take(1);
      }
    }
    take(1);
    if (!negated) return members.substr(0, 1);
    constexpr std::string_view ordinary = "a 0-x.:\n";
    const std::size_t other = ordinary.find_first_not_of(members);
    return other == std::string_view::npos ? "" : std::string(1, ordinary[other]);
  }

  // "{n}", "{n,}", "{n,m}": least and most; anything else in braces is literal.
  bool counts(std::size_t& least, std::size_t& most) {
    const std::size_t end = rest_.find('}');
    if (!rest_.starts_with('{') || end == std::string_view::npos) return false;
    const char* const last = rest_.data() + end;
    const auto [comma, error] = std::from_chars(rest_.data() + 1, last, least);
    if (error != std::errc()) return false;
    most = least;
    if (comma != last && (*comma != ',' || (comma + 1 == last))) most = std::string_view::npos;
    if (comma != last && comma + 1 != last) std::from_chars(comma + 1, last, most);
    take(end + 1);
    return true;
  }

  void repeat(std::size_t begin) {
    std::size_t least = 1;
    std::size_t most = 1;
    if (take("*")) {
      least = 0;
      most = std::string_view::npos;
    } else if (take("+")) {
      most = std::string_view::npos;
    } else if (take("?")) {
      least = 0;
    } else if (!counts(least, most)) {
      return;
    }
    const bool possessive = !take("?") && take("+");
    const std::string body = text_.substr(begin);
    if (most > open_ended && !possessive && !body.empty() && repeats_.size() < most_texts) {
      repeats_.push_back({text_.substr(0, begin), body, begin + (least == 0 ? 0 : body.size())});
    }
    if (least == 0) text_.resize(begin);
    for (std::size_t i = 1; i < std::min(least, open_ended); ++i) text_ += body;
  }

  std::string_view rest_;
  std::string text_;
  std::vector<Repeat> repeats_;
  std::vector<HostileText> texts_;
};

}  // namespace

std::string HostileText::of_size(std::size_t size) const {
  std::string text = head;
  while (text.size() < size) text += pump;
  return text + '\x01';
}

std::vector<HostileText> hostile_texts(std::string_view regex) {
  return Walker(regex).run();
}

}  // namespace jobmedic::classify
