#include "classify/frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

#include "classify/regex.hpp"
#include "core/glob.hpp"

namespace jobmedic::classify {
namespace {

// Down the stack: on to the next line as long as it is no log line of its own (begins_anew). Such begin with a time, as
// syslog writes it, too, with a level, or with one word and a time. What pyspark tells of the JVM stands below an empty
// line.
constexpr std::string_view next_line =
    R"re(\n(?!\n|\[?(?:[0-9]|(?:TRACE|DEBUG|INFO|WARN)\b))re"
    R"re(|[A-Z][a-z]{2} [ 0-3][0-9] [0-9]{2}:|[^ \t\r\n]{1,80}(?<!:) [0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:))re";

// To the telling phrase, in whichever line of the stack that does not begin with `except`.
std::string walk(std::string_view except) {
  std::string walk = fmt::format(R"re([^\n]*?(?:{}[^\n]*?|\n\nJVM stacktrace:)*?)re", next_line);
  if (except.empty()) return walk;
  return fmt::format(R"re((?:[^\n]*?|{}{}(?!{})[^\n]*?))re", walk, next_line, except);
}

// Whether the text has the form: 0 a digit, A and a letters of that case, d a digit or a space of "Jun  4", T a space
// or T; anything else itself.
bool has_form(std::string_view text, std::string_view form) {
  const auto fits = [](char c, char kind) {
    switch (kind) {
      case '0':
        return c >= '0' && c <= '9';
      case 'd':
        return c == ' ' || (c >= '0' && c <= '3');
      case 'A':
        return c >= 'A' && c <= 'Z';
      case 'a':
        return c >= 'a' && c <= 'z';
      case 'T':
        return c == ' ' || c == 'T';
      default:
        return c == kind;
    }
  };
  return text.size() >= form.size() &&
         std::equal(form.begin(), form.end(), text.begin(), [&](char kind, char c) { return fits(c, kind); });
}

// One word, which does not introduce what follows, and a date and time.
bool begins_with_word_and_time(std::string_view text) {
  constexpr std::size_t longest_word = 80;
  const std::size_t end = text.substr(0, longest_word + 1).find_first_of(" \t\r\n");
  if (end == 0 || end == std::string_view::npos || text[end - 1] == ':') return false;
  return has_form(text.substr(end), " 0000-00-00T00:");
}

// The glob that both ask for, if one of them is the narrower; empty: no log fits.
std::string_view narrower(std::string_view a, std::string_view b) {
  if (a == "*" || glob_matches(a, b)) return b;
  if (b == "*" || glob_matches(b, a)) return a;
  return {};
}

constexpr std::string_view wide = "nsRDWvVHCXx0oPpcQ";  // escapes that may mean a line break

// Whether the class that begins at `at` may match one; moves `at` to its end.
bool class_may_hold_line_break(std::string_view regex, std::size_t& at) {
  const bool negated = regex.substr(at).starts_with("[^");
  std::size_t end = at + (negated ? 2 : 1);
  if (regex.substr(end).starts_with(']')) ++end;  // one that comes first is of the class
  bool named = false;                             // "[:space:]"
  bool is_in = false;                             // a line break, written there in whatever way
  bool may_be_in = false;
  while (end < regex.size() && regex[end] != ']') {
    const std::string_view rest = regex.substr(end);
    if (rest.starts_with("[:") && rest.find(":]") != std::string_view::npos) {
      named = true;
      end += rest.find(":]") + 2;
    } else if (rest.size() > 1 && rest.front() == '\\') {
      is_in = is_in || rest[1] == 'n' || rest[1] == 's';
      const bool begins_range = rest.substr(2).starts_with('-') && !rest.substr(2).starts_with("-]");
      may_be_in = may_be_in || begins_range || wide.find(rest[1]) != std::string_view::npos;
      end += 2;
    } else {
      is_in = is_in || rest.front() == '\n';
      may_be_in = may_be_in || (rest.front() >= 0 && rest.front() < '\n') || rest.starts_with("-\\");
      ++end;
    }
  }
  at = end;
  return named || (negated ? !is_in : is_in || may_be_in);
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
  for (std::size_t i = 0; i < regex.size(); ++i) {
    switch (regex[i]) {
      case '\n':
        return true;
      case '[':
        if (class_may_hold_line_break(regex, i)) return true;
        break;
      case '\\':
        ++i;
        if (i < regex.size() && wide.find(regex[i]) != std::string_view::npos) return true;
        break;
      case '(':
        if (regex.substr(i).starts_with("(?") && i + 2 < regex.size() &&
            std::string_view(":=!<>|").find(regex[i + 2]) == std::string_view::npos) {
          return true;  // a setting, which may be (?s)
        }
        break;
      default:
        break;
    }
  }
  return false;
}

bool begins_anew(std::string_view text) {
  if (text.starts_with('\n')) return !text.substr(1).starts_with("JVM stacktrace:");
  if (has_form(text, "Aaa d0 00:") || begins_with_word_and_time(text)) return true;
  if (text.starts_with('[')) text.remove_prefix(1);
  if (text.empty()) return false;
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  if (text.front() >= '0' && text.front() <= '9') return true;
  constexpr std::array<std::string_view, 4> levels{"TRACE", "DEBUG", "INFO", "WARN"};
  return std::any_of(levels.begin(), levels.end(), [&](std::string_view level) {
    return text.size() > level.size() && text.starts_with(level) && !is_word(text[level.size()]);
  });
}

std::string framed_regex(std::string_view frame, std::string_view except, std::string_view regex,
                         std::string_view flags) {
  if (frame.empty()) return std::string(regex);
  std::string framed(sees_log);
  framed.append("(?-isx:(?:").append(frame).append(")").append(walk(except)).append(")\\K(?:").append(regex);
  if (flags.find('x') != std::string_view::npos) framed += '\n';  // ends a comment
  return framed += ')';
}

std::string RunnableRules::regex(std::size_t rule) const {
  const RunnableRule& it = rules[rule];
  if (!it.frame) return it.rule->regex;
  return framed_regex(frames[*it.frame], excepted[*it.frame], it.rule->regex, it.rule->flags);
}

RunnableRules runnable(const std::vector<Rule>& rules) {
  RunnableRules made;
  std::vector<RunnableRule> weaker;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> known;
  const auto number_of = [&](const Frame& frame) {
    const auto [entry, is_new] = known.try_emplace({frame.regex, frame.except}, made.frames.size());
    if (is_new) {
      made.frames.push_back(frame.regex);
      made.excepted.push_back(frame.except);
    }
    return entry->second;
  };
  for (auto begin = rules.begin(); begin != rules.end();) {
    const auto end = document_end(begin, rules);
    const auto last_framed =
        std::find_if(std::make_reverse_iterator(end), std::make_reverse_iterator(begin), [](const Rule& rule) {
          return !rule.frames.empty();
        }).base();
    for (auto rule = begin; rule != end; ++rule) {
      const auto place = static_cast<std::size_t>(rule - rules.begin());
      if (rule->frames.empty()) made.rules.push_back({&*rule, place, rule->log, std::nullopt});
      for (const Frame& frame : rule->frames.get()) {
        const std::string_view log = narrower(rule->log, frame.log);
        if (log.empty()) continue;
        (frame.weaker ? weaker : made.rules).push_back({&*rule, place, log, number_of(frame), frame.weaker});
      }
      if (rule + 1 != last_framed) continue;
      made.rules.insert(made.rules.end(), weaker.begin(), weaker.end());
      weaker.clear();
    }
    begin = end;
  }
  if (made.frames.empty()) return made;
  const auto signs = [&](std::string_view name) {
    std::vector<Sign> named;
    for (const Frame& frame : shipped_frames().find(name)->second.get()) named.push_back({frame.log, number_of(frame)});
    return named;
  };
  made.signs = {signs("went_on"), signs("ended_well"), signs("reported_failure"), signs("reported_success")};
  return made;
}

}  // namespace jobmedic::classify
