#include "classify/telling_part.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <tuple>
#include <vector>

namespace jobmedic::classify {
namespace {

constexpr std::size_t most_repeats = 16;     // a repeat beyond this is open-ended: Hyperscan counts at a price
constexpr std::size_t enough_literals = 12;  // more do not make a stretch more telling
constexpr std::size_t fewest_literals = 3;
constexpr int deepest = 50;

struct Item;
using Sequence = std::vector<Item>;

struct Item {
  std::string text;             // as Hyperscan gets it; empty for an assertion
  std::size_t literals = 0;     // bytes that any match of it contains
  bool open_ended = false;      // repeated without a small limit
  std::vector<Sequence> group;  // the alternatives of a group that occurs exactly once
};

std::size_t literals_of(const Sequence& sequence) {
  std::size_t sum = 0;
  for (const Item& item : sequence) sum += item.literals;
  return sum;
}

std::string text_of(const Sequence& sequence) {
  std::string text;
  for (const Item& item : sequence) text += item.text;
  return text;
}

std::string text_of(const std::vector<Sequence>& alternatives) {
  std::string text;
  for (const Sequence& sequence : alternatives)
    text += (&sequence == alternatives.data() ? "" : "|") + text_of(sequence);
  return text;
}

// Understands the ordinary part of PCRE's syntax and gives up on the rest.
class Parser {
 public:
  explicit Parser(std::string_view regex) : rest_(regex) {}

  std::optional<std::vector<Sequence>> run() {
    auto alternatives = parse_alternatives(0);
    if (failed_ || !rest_.empty()) return std::nullopt;
    return alternatives;
  }

 private:
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  std::string_view take(std::size_t count) {
    const std::string_view text = rest_.substr(0, count);
    rest_.remove_prefix(text.size());
    return text;
  }

  std::vector<Sequence> parse_alternatives(int depth) {
    std::vector<Sequence> alternatives(1);
    if (depth > deepest) failed_ = true;
    while (!failed_ && !rest_.empty() && rest_.front() != ')') {
      if (take("|")) {
        alternatives.emplace_back();
        continue;
      }
      Item item = parse_item(depth);
      repeat(item);
      alternatives.back().push_back(std::move(item));
    }
    return alternatives;
  }

  Item parse_item(int depth) {
    switch (rest_.front()) {
      case '(':
        return parse_group(depth);
      case '[':
        return parse_class();
      case '\\':
        return parse_escape();
      case '.':
      case '^':
      case '$':
        return {std::string(take(1)), 0, false, {}};
      case '*':
      case '+':
      case '?':
        failed_ = true;
        return {};
      default:
        return {std::string(take(1)), 1, false, {}};
    }
  }

  Item parse_escape() {
    const char kind = rest_.size() > 1 ? rest_[1] : '\0';
    if (std::string_view("AzZGbBK").find(kind) != std::string_view::npos) {
      take(2);
      return {};
    }
    if (std::string_view("dDwWsShHvV").find(kind) != std::string_view::npos)
      return {std::string(take(2)), 0, false, {}};
    const bool letter = (kind >= 'a' && kind <= 'z') || (kind >= 'A' && kind <= 'Z') || (kind >= '0' && kind <= '9');
    failed_ = kind == '\0' || (letter && std::string_view("tnrfea").find(kind) == std::string_view::npos);
    return {std::string(take(2)), 1, false, {}};
  }

  Item parse_class() {
    std::string text(take(rest_.starts_with("[^") ? 2 : 1));
    if (rest_.starts_with(']')) text += take(1);
    while (!rest_.empty() && rest_.front() != ']') {
      const bool named = rest_.starts_with("[:") && rest_.find(":]") != std::string_view::npos;
      if (rest_.front() == '\\' && rest_.size() > 1 &&
          std::string_view("QEcN").find(rest_[1]) != std::string_view::npos) {
        failed_ = true;
      }
      text += take(named ? rest_.find(":]") + 2 : rest_.front() == '\\' ? 2 : 1);
    }
    text += take(1);
    return {text, 0, false, {}};
  }

  Item parse_group(int depth) {
    constexpr std::array<std::string_view, 4> assertions{"(?=", "(?!", "(?<=", "(?<!"};
    const bool assertion = std::any_of(assertions.begin(), assertions.end(), [&](auto text) { return take(text); });
    std::string open = "(?:";
    if (!assertion) {
      if (rest_.starts_with("(?i:") || rest_.starts_with("(?s:")) {
        open = take(4);
      } else if (rest_.starts_with("(?<") || rest_.starts_with("(?P<")) {
        take(std::min(rest_.find('>'), rest_.size()) + 1);
      } else if (!take("(?:") && !take("(?>")) {
        failed_ = rest_.starts_with("(?") || rest_.starts_with("(*");
        take(1);
      }
    }
    std::vector<Sequence> inside = parse_alternatives(depth + 1);
    if (!take(")")) failed_ = true;
    if (assertion || failed_) return {};
    Item item{open + text_of(inside) + ")", literals_of(inside.front()), false, {}};
    for (const Sequence& sequence : inside) item.literals = std::min(item.literals, literals_of(sequence));
    if (open == "(?:") item.group = std::move(inside);
    return item;
  }

  // The counts of "{n}", "{n,}" or "{n,m}"; anything else in braces is literal text.
  bool take_counts(std::size_t& least, std::size_t& most) {
    const std::size_t end = rest_.find('}');
    if (!rest_.starts_with('{') || end == std::string_view::npos) return false;
    const char* const last = rest_.data() + end;
    const auto [after, error] = std::from_chars(rest_.data() + 1, last, least);
    if (error != std::errc()) return false;
    most = least;
    if (after != last) {
      if (*after != ',') return false;
      most = std::string_view::npos;
      if (after + 1 != last) {
        const auto [stop, second] = std::from_chars(after + 1, last, most);
        if (second != std::errc() || stop != last) return false;
      }
    }
    take(end + 1);
    return true;
  }

  void repeat(Item& item) {
    std::size_t least = 1;
    std::size_t most = 1;
    if (take("*")) {
      least = 0;
      most = std::string_view::npos;
    } else if (take("+")) {
      most = std::string_view::npos;
    } else if (take("?")) {
      least = 0;
    } else if (!take_counts(least, most)) {
      return;
    }
    if (!take("?")) take("+");  // lazy or possessive: the same text
    item.group.clear();
    item.open_ended = most > most_repeats;
    if (least == 0) item.literals = 0;
    if (item.text.empty()) return;
    if (item.open_ended) {
      item.text += least == 0 ? "*" : "+";
    } else {
      item.text += "{" + std::to_string(least) + "," + std::to_string(most) + "}";
    }
  }

  std::string_view rest_;
  bool failed_ = false;
};

bool is_plain(const Item& item) {
  return item.literals == 1 && (item.text.size() == 1 || (item.text.size() == 2 && item.text.front() == '\\'));
}

// How seldom a plain character stands in ordinary text.
int rarity(const Item& item) {
  const char c = item.text.front();
  if (c < 'a' || c > 'z') return c == ' ' ? 1 : 3;
  return std::string_view("etaoinsrcl").find(c) != std::string_view::npos ? 1 : 2;
}

// The longest run of plain characters, if it tells enough alone: a literal is all that Hyperscan looks for fast. It
// looks for the last eight bytes first, so the run is cut where these are rarest.
std::optional<Sequence> telling_run(const Sequence& stretch) {
  constexpr std::ptrdiff_t looked_for = 8;
  constexpr std::ptrdiff_t enough = 14;  // of any words; fewer bytes must be rare
  constexpr int rare = 13;
  constexpr std::ptrdiff_t shortest_cut = 16;
  auto first = stretch.begin();
  auto last = first;
  for (auto begin = stretch.begin(); begin != stretch.end();) {
    const auto end = std::find_if_not(begin, stretch.end(), is_plain);
    if (end - begin >= last - first) std::tie(first, last) = std::pair(begin, end);
    begin = std::find_if(end, stretch.end(), is_plain);
  }
  if (last - first < looked_for) return std::nullopt;
  const auto ending = [](auto end) {
    return std::accumulate(end - looked_for, end, 0, [](int sum, const Item& item) { return sum + rarity(item); });
  };
  if (last - first < enough && ending(last) < rare) return std::nullopt;
  auto best = last;
  for (auto end = last; end - first >= shortest_cut; --end) {
    if (ending(end) > ending(best)) best = end;
  }
  return Sequence(first, best);
}

std::optional<std::string> part_of(const std::vector<Sequence>& alternatives);

// A run of literals that tells enough, else the stretch without what surrounds its literals; of a group that tells
// enough, or stands alone, the part of each alternative: "(?:rm|cp): (?:cannot remove|...)" costs a look at each "p: ".
std::optional<std::string> part_of_stretch(const Sequence& stretch) {
  const auto has_literals = [](const Item& item) { return item.literals > 0; };
  const auto first = std::find_if(stretch.begin(), stretch.end(), has_literals);
  const auto last = std::find_if(stretch.rbegin(), stretch.rend(), has_literals).base();
  const auto run = telling_run(stretch);
  const auto tells = [&](const Item& item) {
    return !item.group.empty() && (last - first == 1 || (!run && item.literals >= enough_literals));
  };
  if (const auto group = std::find_if(first, last, tells); group != last) {
    if (auto part = part_of(group->group)) return part;
  }
  if (run) return text_of(*run);
  return text_of(Sequence(first, last));
}

std::optional<std::string> part_of_sequence(const Sequence& sequence) {
  Sequence stretch;
  Sequence best;
  const auto end_stretch = [&] {
    const auto telling = [](const Sequence& part) { return std::min(literals_of(part), enough_literals); };
    if (telling(stretch) >= telling(best)) best = stretch;  // the later one, where the cause stands
    stretch.clear();
  };
  for (const Item& item : sequence) {
    if (item.open_ended) {
      end_stretch();
    } else {
      stretch.push_back(item);
    }
  }
  end_stretch();
  if (literals_of(best) < fewest_literals) return std::nullopt;
  const bool tells_little = literals_of(best) < enough_literals;
  if (tells_little && literals_of(sequence) >= literals_of(best) + fewest_literals) return part_of_stretch(sequence);
  return part_of_stretch(best);
}

std::optional<std::string> part_of(const std::vector<Sequence>& alternatives) {
  std::string text;
  for (const Sequence& sequence : alternatives) {
    const auto part = part_of_sequence(sequence);
    if (!part) return std::nullopt;
    text += (text.empty() ? "" : "|") + *part;
  }
  return "(?:" + text + ")";
}

}  // namespace

std::optional<std::string> telling_part(std::string_view regex) {
  const auto alternatives = Parser(regex).run();
  return alternatives ? part_of(*alternatives) : std::nullopt;
}

}  // namespace jobmedic::classify
