// Spans of a JSON text, found by looking over it: the text was parsed before, so brackets and quotes are in order.
#include "cli/rule_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "core/file.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/rules.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

namespace fs = std::filesystem;

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::size_t skip_space(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

// One past the value that begins at `at`.
std::size_t value_end(std::string_view text, std::size_t at) {
  if (text[at] == '"') return string_end(text, at);
  if (text[at] != '{' && text[at] != '[') return std::min(text.find_first_of(",]} \t\r\n", at), text.size());
  int depth = 0;
  while (at < text.size()) {
    if (text[at] == '"') {
      at = string_end(text, at);
      continue;
    }
    if (text[at] == '{' || text[at] == '[') ++depth;
    if ((text[at] == '}' || text[at] == ']') && --depth == 0) return at + 1;
    ++at;
  }
  return text.size();
}

// The items of the array, or the members of the object, that `outer` spans.
std::vector<Span> items_in(std::string_view text, Span outer) {
  std::vector<Span> items;
  for (std::size_t at = skip_space(text, outer.begin + 1); at + 1 < outer.end;) {
    std::size_t end = value_end(text, at);
    const std::size_t colon = skip_space(text, end);
    if (text[outer.begin] == '{') end = value_end(text, skip_space(text, colon + 1));
    items.push_back({at, end});
    at = skip_space(text, end);
    if (at < text.size() && text[at] == ',') at = skip_space(text, at + 1);
  }
  return items;
}

// Where the value of the object's member stands; {0, 0}: there is no such member.
Span member_of(std::string_view text, Span object, std::string_view name) {
  for (const Span& item : items_in(text, object)) {
    const std::size_t key_end = string_end(text, item.begin);
    const json::Value key = json::parse(text.substr(item.begin, key_end - item.begin));
    if (key == json::Value(name)) return {skip_space(text, skip_space(text, key_end) + 1), item.end};
  }
  return {};
}

Span rules_of(std::string_view text) {
  const std::size_t begin = skip_space(text, 0);
  return member_of(text, {begin, value_end(text, begin)}, "rules");
}

// The same text, with every line but the first indented.
std::string indented(std::string_view text, std::string_view indent) {
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += indent;
  }
  return result;
}

std::string replaced(std::string_view text, Span span, std::string_view by) {
  return fmt::format("{}{}{}", text.substr(0, span.begin), by, text.substr(span.end));
}

}  // namespace

std::string rules_document(std::string_view rule) {
  return fmt::format("{{\"schema\": \"jobmedic.rules/1\", \"rules\": [\n  {}\n]}}\n", indented(rule, "  "));
}

std::string with_rule(std::string_view document, std::string_view rule) {
  const Span rules = rules_of(document);
  const std::vector<Span> items = items_in(document, rules);
  if (items.empty()) return replaced(document, rules, fmt::format("[\n  {}\n]", indented(rule, "  ")));
  // As the last rule is indented, so is the new one.
  const std::size_t last = items.back().begin;
  const std::size_t line = document.rfind('\n', last);
  const std::string_view before = document.substr(line == std::string_view::npos ? last : line + 1, last - line - 1);
  const bool own_line = line != std::string_view::npos && before.find_first_not_of(" \t") == std::string_view::npos;
  const std::string indent(own_line ? before : "  ");
  const std::size_t end = items.back().end;
  return replaced(document, {end, end}, fmt::format(",\n{}{}", indent, indented(rule, indent)));
}

std::string with_member(std::string_view document, std::string_view name, std::string_view member,
                        std::string_view value) {
  for (const Span& rule : items_in(document, rules_of(document))) {
    const Span own_name = member_of(document, rule, "name");
    if (own_name.end == 0) continue;
    const json::Value found = json::parse(document.substr(own_name.begin, own_name.end - own_name.begin));
    if (!(found == json::Value(name))) continue;
    if (const Span old = member_of(document, rule, member); old.end != 0) return replaced(document, old, value);
    const std::size_t end = items_in(document, rule).back().end;
    return replaced(document, {end, end}, fmt::format(", \"{}\": {}", member, value));
  }
  throw Error(Status::internal, fmt::format("no rule \"{}\" to change", name));
}

std::string read_rule_file(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) ? read_file(path) : std::string();
}

void write_rule_file(const fs::path& path, const std::string& text) {
  static_cast<void>(RuleSet::parse(text, path.string()));
  std::error_code missing;
  fs::path target = fs::canonical(path, missing);
  if (missing) {
    target = path;
    std::ofstream(path, std::ios::app);  // so that it has the mode that the user's new files have
  }
  const auto mode = fs::status(target, missing).permissions();
  write_file_atomically(target, text);
  if (!missing) fs::permissions(target, mode, missing);
}

}  // namespace jobmedic::cli
