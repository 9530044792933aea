#include "classify/document.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "classify/frames.hpp"

namespace jobmedic::classify {
namespace {

constexpr std::size_t fewest_lines = 5;
constexpr std::size_t longest_line = 1000;  // of it the rest is not looked at

Regex line_regex(std::string_view frame) {
  const std::string& regex = shipped_frames().find(frame)->second.get().front().regex;
  return {"\\A(?:" + regex + ")", "", true};
}

// Those that are not empty, without the space at their ends.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, text.find_last_not_of(" \t\n", end) + 1);
    if (!line.empty() && line.size() <= end) lines.push_back(line.substr(0, longest_line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

enum class Looks : std::uint8_t { neither, document, log };

Looks look(std::string_view line, RegexWorkspace& workspace) {
  static const Regex log = line_regex("log_line");
  static const Regex document = line_regex("document_line");
  const Window window{line};
  const auto matches = [&](const Regex& regex) {
    return regex.match(window, workspace).kind == RegexMatch::Kind::match;
  };
  if (matches(document)) return Looks::document;
  return matches(log) ? Looks::log : Looks::neither;
}

}  // namespace

bool is_document(std::string_view text, RegexWorkspace& workspace) {
  if (text.size() > longest_document) return false;
  std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() < fewest_lines) return false;
  if (look(lines.front(), workspace) == Looks::log || look(lines.back(), workspace) == Looks::log) return false;
  lines.resize(std::min(lines.size(), std::size_t{document_lines}));
  std::size_t document = 0;
  std::size_t log = 0;
  for (const std::string_view line : lines) {
    const Looks looks = look(line, workspace);
    document += looks == Looks::document ? 1 : 0;
    log += looks == Looks::log ? 1 : 0;
    if (log * 8 > lines.size()) return false;
  }
  return document * 2 >= lines.size();
}

}  // namespace jobmedic::classify
