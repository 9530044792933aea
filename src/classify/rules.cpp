// jobmedic.rules/1 read and checked: shape by json::Reader, meaning here.
#include "jobmedic/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "classify/frames.hpp"
#include "classify/regex.hpp"
#include "classify/rows.hpp"
#include "classify/rule_document.hpp"
#include "classify/rule_error.hpp"
#include "core/text.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace classify {

Error rule_error(const Rule& rule, std::string_view problem, std::optional<std::size_t> column) {
  json::Object detail{{"file", rule.file}, {"rule", rule.name}};
  if (rule.number != 0) detail.emplace_back("number", std::uint64_t{rule.number});
  if (column) detail.emplace_back("column", std::uint64_t{*column});
  const std::string where = rule.number != 0 ? fmt::format("rule {}", rule.number) : "rule";
  return {Status::rules, fmt::format("{}: {} \"{}\": {}", rule.file, where, rule.name, problem),
          json::write(std::move(detail))};
}

}  // namespace classify

namespace {

using classify::rule_error;

constexpr std::array<std::string_view, 9> all_categories{
    "memory_config", "resource_limit", "user_code",       "user_config", "data",
    "dependency",    "permission",     "transient_infra", "cancelled"};
constexpr std::array<std::string_view, 2> faults{"user", "platform"};
constexpr std::array<std::string_view, 3> retries{"", "always", "never"};
constexpr std::size_t most_rules = 100'000;
using classify::most_lines;

std::vector<std::string> strings_or_none(const json::Reader& in, std::string_view name) {
  const auto member = in.find(name);
  return member ? member->strings() : std::vector<std::string>();
}

RuleCondition read_condition(const json::Reader& in) {
  RuleCondition when;
  when.job = in.string_or("job", "");
  if (const auto labels = in.find("labels")) when.labels = labels->string_map();
  if (const auto codes = in.find("exit_code")) {
    for (const json::Reader& code : codes->items()) when.exit_codes.push_back(code.integer());
  }
  return when;
}

std::vector<std::string> read_alternatives(const json::Reader& in) {
  std::vector<std::string> regexes;
  if (const auto regex = in.find("regex")) {
    for (const json::Reader& item : classify::alternatives_in(*regex)) regexes.push_back(item.string());
  }
  return regexes;
}

Rule read_rule(const json::Reader& in, const std::vector<std::string>& alternatives, std::string_view file) {
  Rule rule;
  rule.file = file;
  rule.name = in.at("name").string();
  rule.source = in.string_or("source", "");
  rule.log = in.string_or("log", "*");
  rule.regex = join(alternatives, "|");
  rule.flags = in.string_or("flags", "");
  rule.within = in.string_or("within", "");
  if (!rule.within.empty()) rule.lines = most_lines;
  if (const auto lines = in.find("lines")) rule.lines = static_cast<int>(lines->integer_in(1, most_lines));
  rule.summary = in.string_or("summary", "");
  rule.category = in.at("category").string();
  rule.fault = in.string_or("fault", "user");
  rule.restartable = in.boolean_or("restartable", false);
  rule.advice = in.string_or("advice", "");
  if (const auto when = in.find("when")) rule.when = read_condition(*when);
  rule.retry = in.string_or("retry", "");
  rule.matches = strings_or_none(in, "matches");
  rule.ignores = strings_or_none(in, "ignores");
  rule.unless = strings_or_none(in, "unless");
  rule.beside = strings_or_none(in, "beside");
  rule.wraps = strings_or_none(in, "wraps");
  rule.follows = strings_or_none(in, "follows");
  return rule;
}

// What makes a rule unusable, told without its place; empty: nothing.
template <std::size_t N>
std::string not_one_of(std::string_view member, const std::array<std::string_view, N>& known,
                       const std::string& found) {
  if (std::find(known.begin(), known.end(), found) != known.end()) return "";
  std::vector<std::string> names;
  for (const std::string_view name : known) {
    if (!name.empty()) names.emplace_back(name);
  }
  return fmt::format("{}: expected one of {}; found \"{}\"", member, join(names, ", "), found);
}

std::string problem_in(const Rule& rule) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  if (rule.name.empty()) return "name: is empty";
  if (rule.name.find_first_not_of(letters) != std::string::npos) return "name: only letters, digits, _ . - are allowed";
  if (auto problem = not_one_of("category", all_categories, rule.category); !problem.empty()) return problem;
  if (auto problem = not_one_of("fault", faults, rule.fault); !problem.empty()) return problem;
  if (auto problem = not_one_of("retry", retries, rule.retry); !problem.empty()) return problem;
  const std::size_t unknown = rule.flags.find_first_not_of("isx");
  if (unknown != std::string::npos) return fmt::format("flags: expected i, s, x; found \"{}\"", rule.flags);
  if (rule.regex.empty() && rule.when.exit_codes.empty()) return "regex: is missing, and \"when\" names no exit_code";
  const auto names_itself = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), rule.name) != names.end();
  };
  if (names_itself(rule.unless)) return "unless: names itself";
  if (names_itself(rule.beside)) return "beside: names itself";
  if (names_itself(rule.wraps)) return "wraps: names itself";
  if (names_itself(rule.follows)) return "follows: names itself";
  if (!rule.within.empty() && rule.regex.empty()) return "within: is for a rule with a regex";
  if (!rule.within.empty() && rule.frames.empty()) return fmt::format("within: there is no frame \"{}\"", rule.within);
  return "";
}

// Which of several is wrong by itself: the column of all together would be hard to find in a file that lists them.
void check_each(const Rule& rule, const std::vector<std::string>& alternatives) {
  if (alternatives.size() < 2) return;
  for (std::size_t i = 0; i < alternatives.size(); ++i) {
    try {
      const classify::Regex alone(alternatives[i], rule.flags, false);
    } catch (const classify::RegexError& error) {
      throw rule_error(rule, fmt::format("regex {}, column {}: {}", i + 1, error.column, error.what()), error.column);
    }
  }
}

void check_regex(const Rule& rule, const std::vector<std::string>& alternatives, classify::RegexWorkspace& workspace) {
  if (rule.regex.empty()) return;
  try {
    const classify::Regex regex(rule.regex, rule.flags, false);
    const auto match = regex.match({}, workspace);
    if (match.kind == classify::RegexMatch::Kind::match) {
      throw rule_error(rule, "regex: matches the empty text, so it would match every log");
    }
  } catch (const classify::RegexError& error) {
    check_each(rule, alternatives);
    throw rule_error(rule, fmt::format("regex, column {}: {}", error.column, error.what()), error.column);
  }
}

// Each alternative runs as one regex with its frame. One too large would be found only when a log asks for it.
void check_within(const Rule& rule) {
  for (const Frame& frame : rule.frames.get()) {
    try {
      const classify::Regex whole(classify::framed_regex(frame.regex, frame.except, rule.regex, rule.flags), rule.flags,
                                  false);
    } catch (const classify::RegexError& error) {
      throw rule_error(rule, fmt::format("regex: within \"{}\": {}", rule.within, error.what()));
    }
  }
}

json::Value parse_document(std::string_view text, std::string_view file) {
  try {
    return json::parse(text);
  } catch (const Error& error) {
    throw error.within(file);
  }
}

void resolve_frame(Rule& rule, const classify::Frames& own) {
  if (rule.within.empty()) return;
  const auto found = own.find(rule.within);
  if (found != own.end()) {
    rule.frames = found->second;
  } else if (const auto shipped = classify::shipped_frames().find(rule.within);
             shipped != classify::shipped_frames().end()) {
    rule.frames = shipped->second;
  }
}

std::vector<json::Reader> items_of(const json::Value& document) {
  const json::Reader in(document);
  in.check_schema("jobmedic.rules/1");
  std::vector<json::Reader> items = in.at("rules").items();
  if (items.size() > most_rules) in.at("rules").fail(fmt::format("more than {} rules", most_rules));
  return items;
}

// Rules one after the other, and what makes one unusable.
class Checker {
 public:
  explicit Checker(bool regexes) : regexes_(regexes) {}

  void check(const Rule& rule, const std::vector<std::string>& alternatives = {}) {
    if (const std::string problem = problem_in(rule); !problem.empty()) throw rule_error(rule, problem);
    if (!names_.insert(rule.name).second) throw rule_error(rule, "name: is taken by an earlier rule");
    if (!regexes_) return;
    check_regex(rule, alternatives, workspace_);
    check_within(rule);
  }

 private:
  bool regexes_;
  std::set<std::string> names_;
  classify::RegexWorkspace workspace_;
};

using Refuse = std::function<void(const Error&)>;  // throws, or lets the others be read

std::vector<Rule> read_rules(std::string_view text, std::string_view file, bool check_regexes, const Refuse& refuse) {
  const json::Value document = parse_document(text, file);
  std::vector<json::Reader> items;
  classify::Frames frames;
  try {
    items = items_of(document);
    frames = classify::read_frames(json::Reader(document), check_regexes);
  } catch (const Error& error) {
    throw error.within(file);
  }
  std::vector<Rule> rules;
  rules.reserve(items.size());
  Checker checker(check_regexes);
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::optional<Rule> rule;
    std::vector<std::string> alternatives;
    try {
      alternatives = read_alternatives(items[i]);
      rule = read_rule(items[i], alternatives, file);
      resolve_frame(*rule, frames);
    } catch (const Error& error) {
      refuse(error.within(file));
      continue;
    }
    rule->number = i + 1;
    try {
      checker.check(*rule, alternatives);
      rules.push_back(std::move(*rule));
    } catch (const Error& error) {
      refuse(error);
    }
  }
  return rules;
}

}  // namespace

std::span<const std::string_view> categories() noexcept {
  return all_categories;
}

std::vector<Rule> classify::parse_rules(std::string_view text, std::string_view file, bool check_regexes) {
  return read_rules(text, file, check_regexes, [](const Error& error) { throw Error(error); });
}

std::vector<Rule> classify::parse_usable_rules(std::string_view text, std::string_view file, const Refuse& refuse) {
  try {
    return read_rules(text, file, true, refuse);
  } catch (const Error& error) {
    refuse(error);
    return {};
  }
}

RuleSet RuleSet::parse(std::string_view text, std::string_view file) {
  RuleSet set;
  set.rules_ = classify::parse_rules(text, file, true);
  return set;
}

RuleSet RuleSet::of(std::vector<Rule> rules) {
  Checker checker(true);
  for (const Rule& rule : rules) checker.check(rule);
  RuleSet set;
  set.rules_ = std::move(rules);
  return set;
}

}  // namespace jobmedic
