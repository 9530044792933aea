#include "classify/frames.hpp"

#include <algorithm>
#include <iterator>

#include "classify/regex.hpp"
#include "core/glob.hpp"

namespace jobmedic::classify {
namespace {

// Down the stack: on to the next line as long as it is no log line of its own. Such begin with a time or a level.
constexpr std::string_view walk = R"re([^\n]*?(?:\n(?!\n|\[?(?:[0-9]|(?:TRACE|DEBUG|INFO|WARN)\b))[^\n]*?)*?)re";

// The glob that both ask for, if one of them is the narrower; empty: no log fits.
std::string narrower(const std::string& a, const std::string& b) {
  if (a == "*" || glob_matches(a, b)) return b;
  if (b == "*" || glob_matches(b, a)) return a;
  return "";
}

Rule within(const Rule& rule, const Frame& frame, std::string log) {
  Rule made = rule;
  made.log = std::move(log);
  made.regex = std::string(sees_log) + "(?-isx:(?:" + frame.regex + ")" + std::string(walk) + ")\\K(?:" + rule.regex;
  if (rule.flags.find('x') != std::string::npos) made.regex += '\n';  // ends a comment
  made.regex += ')';
  made.within.clear();
  made.frames.clear();
  return made;
}

using Rules = std::vector<Rule>;

// The pack counts as one document, with the rules of a user's that correct some of it in their places.
Rules::const_iterator document_end(Rules::const_iterator begin, const Rules& rules) {
  if (begin->shipped) {
    return std::find_if(rules.rbegin(), rules.rend(), [](const Rule& rule) { return rule.shipped; }).base();
  }
  return std::find_if(begin, rules.end(), [&](const Rule& rule) { return rule.shipped || rule.file != begin->file; });
}

}  // namespace

bool may_span_lines(std::string_view regex) {
  constexpr std::string_view wide = "nsRDWvVHCXx0oPpcQ";  // escapes that may mean a line break
  for (std::size_t i = 0; i < regex.size(); ++i) {
    if (regex[i] == '\n') return true;
    if (regex.substr(i).starts_with("[^")) {
      const std::size_t end = std::min(regex.find(']', i + 3), regex.size());
      if (regex.substr(i, end - i).find("\\n") == std::string_view::npos) return true;
      i = end;
    } else if (regex[i] == '\\') {
      ++i;
      if (i < regex.size() && wide.find(regex[i]) != std::string_view::npos) return true;
    } else if (regex.substr(i).starts_with("(?") && i + 2 < regex.size() &&
               std::string_view(":=!<>|").find(regex[i + 2]) == std::string_view::npos) {
      return true;  // a setting, which may be (?s)
    }
  }
  return false;
}

RunnableRules runnable(const std::vector<Rule>& rules) {
  RunnableRules made;
  std::vector<std::pair<Rule, std::size_t>> weaker;
  const auto add = [&](Rule rule, std::optional<std::size_t> frame, bool is_weaker) {
    made.rules.push_back(std::move(rule));
    made.frame.push_back(frame);
    made.weaker.push_back(is_weaker);
  };
  std::map<std::string, std::size_t> known;
  const auto number_of = [&](const Frame& frame) {
    const auto [entry, is_new] = known.emplace(frame.regex, made.frames.size());
    if (is_new) made.frames.push_back(frame.regex);
    return entry->second;
  };
  for (auto begin = rules.begin(); begin != rules.end();) {
    const auto end = document_end(begin, rules);
    const auto last_framed =
        std::find_if(std::make_reverse_iterator(end), std::make_reverse_iterator(begin), [](const Rule& rule) {
          return !rule.frames.empty();
        }).base();
    for (auto rule = begin; rule != end; ++rule) {
      if (rule->frames.empty()) add(*rule, std::nullopt, false);
      for (const Frame& frame : rule->frames) {
        std::string log = narrower(rule->log, frame.log);
        if (log.empty()) continue;
        Rule framed = within(*rule, frame, std::move(log));
        if (frame.weaker) {
          weaker.emplace_back(std::move(framed), number_of(frame));
        } else {
          add(std::move(framed), number_of(frame), false);
        }
      }
      if (rule + 1 != last_framed) continue;
      for (auto& [each, frame] : weaker) add(std::move(each), frame, true);
      weaker.clear();
    }
    begin = end;
  }
  return made;
}

}  // namespace jobmedic::classify
