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

bool same_document(const Rule& a, const Rule& b) {
  return a.shipped == b.shipped && (a.shipped || a.file == b.file);
}

}  // namespace

RunnableRules runnable(const std::vector<Rule>& rules) {
  RunnableRules made;
  std::vector<Rule> weaker;
  const auto add = [&](Rule rule, bool is_weaker) {
    made.rules.push_back(std::move(rule));
    made.weaker.push_back(is_weaker);
  };
  for (auto begin = rules.begin(); begin != rules.end();) {
    const auto end = std::find_if(begin, rules.end(), [&](const Rule& rule) { return !same_document(*begin, rule); });
    const auto last_framed =
        std::find_if(std::make_reverse_iterator(end), std::make_reverse_iterator(begin), [](const Rule& rule) {
          return !rule.frames.empty();
        }).base();
    for (auto rule = begin; rule != end; ++rule) {
      if (rule->frames.empty()) add(*rule, false);
      for (const Frame& frame : rule->frames) {
        std::string log = narrower(rule->log, frame.log);
        if (log.empty()) continue;
        Rule framed = within(*rule, frame, std::move(log));
        if (frame.weaker) {
          weaker.push_back(std::move(framed));
        } else {
          add(std::move(framed), false);
        }
      }
      if (rule + 1 != last_framed) continue;
      for (Rule& each : weaker) add(std::move(each), true);
      weaker.clear();
    }
    begin = end;
  }
  return made;
}

}  // namespace jobmedic::classify
