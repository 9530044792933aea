#include "classify/secrets/assignment.hpp"

#include <fmt/format.h>

#include <array>

namespace jobmedic::secrets {
namespace {

constexpr std::size_t longest_key = 128;

// A value in quotes, or in quotes inside of a quoted text. Alternatives that share a group, so for use within "(?|".
constexpr std::string_view quoted =
    R"re("(?<secret>(?:[^"\\\n]|\\.)++)|'(?<secret>(?:[^'\\\n]|\\.)++)|\\{1,7}"(?<secret>(?:(?!\\{0,7}")[^\n])++))re";
// A bare one holds brackets in pairs, and goes on over a separator, bracket or quote that is followed by more of it:
// ${VARIABLE}, pa,ss"w)rd.
constexpr std::string_view bare =
    R"re((?!\\*["'`])(?<secret>(?:\{\{[^{}\n]{0,100}+\}\}|\{[^{}\s"']{0,100}+\}|\([^()\s"']{0,100}+\)|[^\s"'`,;&)\]}<>\\]|[,;&](?![\s\\]|$|[\w.-]{1,64}[=:]))re"
    R"re(|[)\]}](?![\s,;.:)\]}"'\\]|$)|["'`](?![\s,;.:)\]}]|$)|\\(?!["'nrt]))++))re";

// What may stand in front of a key, and what then may follow it.
struct Form {
  std::string_view before;  // one of these; empty: anything
  LazyRegex after;
};

std::string with_value(std::string_view start) {
  return fmt::format(R"(\A{}(?|{}|{}))", start, quoted, bare);
}

const std::array<Form, 6>& forms() {
  static const std::array<Form, 6> all{{
      // key=value, "key": "value", key -> value; but "password: must be set" is prose
      {"",
       {with_value(
            R"re((?:\\{0,7}["'`])?[ \t]{0,4}+)re"
            R"re((?::[ \t]{1,4}+(?![A-Za-z][A-Za-z'-]*+[ ][A-Za-z(])|(?:=>|->|:=|==?|:(?![ \t]))[ \t]{0,4}+))re"),
        ""}},
      // {"name": "key", "value": "value"}, <name>key</name><value>value</value>
      {"",
       {R"re(\A(?:\\{0,7}["'])?[,;]?(?:</name>)?\s{0,40}+(?|<value>(?<secret>[^<]++)|)re"
        R"re(\\{0,7}["']?value\\{0,7}["']?\s?[:=]\s?)re" +
            with_value("").substr(2) + ")",
        "i"}},
      // what json::Reader says of a value of the wrong type
      {"", {R"re(\A: expected [^\n]{1,100}, found (?<secret>[^\n]++))re", ""}},
      {"(", {with_value(R"re(["']?,[ ]?)re"), ""}},        // (key,value)
      {"-", {with_value(R"re([ \t]{1,4}+(?!-))re"), ""}},  // --key value
      {"<", {R"re(\A>(?<secret>[^<\n]++)</)re", ""}},      // <key>value</key>
  }};
  return all;
}

const LazyRegex& quoted_form() {
  static const LazyRegex regex(
      fmt::format(R"re(\A(?:\\{{0,7}}["'`])?[ \t]{{0,4}}+(?:=>|->|:=|==?|:)[ \t]{{0,4}}+(?|{}))re", quoted), "");
  return regex;
}

bool in_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

bool may_follow_key(char c) {
  return std::string_view(" \t=:,;\"'`\\<>-").find(c) != std::string_view::npos;
}

// The byte in front of the key: a quote is looked through, so that ("key","value") is seen as (key,value).
char before(std::string_view text, Key key) {
  if (text[key.begin] == '-') return '-';
  std::size_t at = key.begin;
  if (at > 0 && (text[at - 1] == '"' || text[at - 1] == '\'')) --at;
  return at > 0 ? text[at - 1] : '\0';
}

}  // namespace

// Anchored as they are, a look ahead for a byte that a match needs costs far more than the match.
LazyRegex::LazyRegex(std::string_view pattern, std::string flags)
    : pattern_("(*NO_START_OPT)" + std::string(pattern)), flags_(std::move(flags)) {}

const classify::Regex& LazyRegex::get() const {
  std::call_once(once_, [this] { regex_.emplace(pattern_, flags_, true); });
  return *regex_;
}

std::optional<Found> match_at(const LazyRegex& regex, std::string_view text, std::size_t from,
                              classify::RegexWorkspace& workspace) {
  classify::Window window;
  window.text = text.substr(from, window_size);
  window.begins_line = from == 0 || text[from - 1] == '\n';
  window.ends_line = from + window.text.size() == text.size();
  const classify::RegexMatch match = regex.get().match(window, workspace);
  if (match.kind == classify::RegexMatch::Kind::none) return std::nullopt;
  const std::size_t window_end = from + window.text.size();
  if (match.kind == classify::RegexMatch::Kind::gave_up) return Found{from, window_end, window_end < text.size()};
  const auto secret = regex.get().group("secret", workspace);
  const Found found{from + (secret ? secret->begin : 0), from + (secret ? secret->end : match.end), false};
  if (found.begin == found.end) return std::nullopt;
  return Found{found.begin, found.end, found.end == window_end && window_end < text.size()};
}

std::optional<Key> key_around(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t first = end > longest_key ? end - longest_key : 0;
  while (begin > first && in_key(text[begin - 1])) --begin;
  while (end < text.size() && end - begin <= longest_key && in_key(text[end])) ++end;
  if (end - begin > longest_key || end == text.size()) return std::nullopt;
  if (text[end] == '>' && text[end - 1] == '-') --end;  // Scala prints key->value, too
  if (!may_follow_key(text[end])) return std::nullopt;
  return Key{begin, end};
}

std::optional<Found> value_of(std::string_view text, Key key, classify::RegexWorkspace& workspace) {
  for (const Form& form : forms()) {
    if (!form.before.empty() && form.before.find(before(text, key)) == std::string_view::npos) continue;
    if (const auto found = match_at(form.after, text, key.end, workspace)) return found;
  }
  return std::nullopt;
}

std::optional<Found> quoted_value_of(std::string_view text, Key key, classify::RegexWorkspace& workspace) {
  return match_at(quoted_form(), text, key.end, workspace);
}

}  // namespace jobmedic::secrets
