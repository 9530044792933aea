// Reads rules without stopping at a bad one, and has each kind of finding looked for.
#include "classify/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "classify/rule_document.hpp"
#include "classify/rule_error.hpp"
#include "core/glob.hpp"
#include "core/text.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

using classify::Lint;
using Severity = LintFinding::Severity;

std::string without_prefix(const std::string& text, const std::string& prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

// What `error` says about one rule, or about the file: the place is in its detail.
LintFinding finding_of(const Error& error, const std::string& file, std::string_view check) {
  const json::Value value = json::parse(error.detail());
  const json::Reader detail(value);
  LintFinding finding{Severity::error, file, 0, detail.string_or("rule", ""), std::string(check), ""};
  if (const auto number = detail.find("number")) finding.number = static_cast<std::size_t>(number->integer());
  const std::string pointer = detail.string_or("pointer", "");
  if (constexpr std::string_view rules = "/rules/"; pointer.starts_with(rules)) {
    finding.number = std::stoul(pointer.substr(rules.size())) + 1;
  }
  finding.problem = without_prefix(without_prefix(error.what(), finding.line()), file + ": ");
  return finding;
}

// All rules in order, as far as they can be used.
class Collection {
 public:
  void add(const classify::RuleText& document, bool shipped, bool is_judged) {
    const auto refuse = [&](const Error& error) { refuse_for(error, document.file); };
    for (Rule& rule : classify::parse_usable_rules(document.text, document.file, refuse)) {
      rule.shipped = shipped;
      add(std::move(rule), is_judged);
    }
  }

  // A name that no rule has is reported and left out; one of a rule that cannot be used was reported there.
  void drop_unknown_relations() {
    std::set<std::string> names;
    for (const Rule& rule : rules) names.insert(rule.name);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      drop_unknown(i, "unless", rules[i].unless, names);
      drop_unknown(i, "beside", rules[i].beside, names);
      drop_unknown(i, "wraps", rules[i].wraps, names);
      drop_unknown(i, "follows", rules[i].follows, names);
    }
  }

  [[nodiscard]] std::size_t size() const {
    return refused_ + static_cast<std::size_t>(std::count(judged.begin(), judged.end(), true));
  }

  std::vector<Rule> rules;
  std::vector<bool> judged;
  std::vector<LintFinding> findings;

 private:
  void drop_unknown(std::size_t rule, std::string_view relation, std::vector<std::string>& wanted,
                    const std::set<std::string>& names) {
    std::erase_if(wanted, [&](std::string_view name) {
      if (name.starts_with('!')) name.remove_prefix(1);
      const bool known = std::any_of(names.begin(), names.end(), [&](const std::string& other) {
        return glob_matches(name, other) && other != rules[rule].name;
      });
      if (known) return false;
      if (judged[rule] && !unusable_.contains(name)) {
        const auto problem = fmt::format("{}: there is no rule {}", relation, classify::in_quotes(name));
        findings.push_back(finding_of(classify::rule_error(rules[rule], problem), rules[rule].file, "relation"));
      }
      return true;
    });
  }

  // As RuleSet::append: a user's rule replaces the shipped one of its name, else a name is taken once.
  void add(Rule rule, bool is_judged) {
    const auto [taken, fresh] = by_name_.emplace(rule.name, rules.size());
    if (fresh) {
      rules.push_back(std::move(rule));
      judged.push_back(is_judged);
    } else if (rule.shipped == rules[taken->second].shipped) {
      const auto problem = fmt::format("name: is taken by a rule of {}", rules[taken->second].file);
      refuse_for(classify::rule_error(rule, problem), rule.file);
    }
  }

  void refuse_for(const Error& error, const std::string& file) {
    findings.push_back(finding_of(error, file, "document"));
    if (findings.back().number != 0) ++refused_;
    unusable_.insert(findings.back().rule);
  }

  std::map<std::string, std::size_t> by_name_;
  std::set<std::string, std::less<>> unusable_;
  std::size_t refused_ = 0;
};

std::map<std::string, std::size_t> places_of(const std::vector<classify::RuleText>& documents) {
  std::map<std::string, std::size_t> places;
  for (const classify::RuleText& document : documents) places.emplace(document.file, places.size());
  return places;
}

}  // namespace

std::string classify::in_quotes(std::string_view text) {
  constexpr std::size_t longest = 80;
  return fmt::format("\"{}{}\"", one_line(text.substr(0, longest)), text.size() > longest ? "..." : "");
}

void classify::Lint::report(std::size_t rule, Severity severity, std::string_view check, std::string problem) {
  const Rule& it = rules()[rule];
  findings_.push_back({severity, it.file, it.number, it.name, std::string(check), std::move(problem)});
}

std::string LintFinding::line() const {
  if (number == 0) return fmt::format("{}: {}", file, problem);
  if (rule.empty()) return fmt::format("{}: rule {}: {}", file, number, problem);
  return fmt::format("{}: rule {} \"{}\": {}", file, number, rule, problem);
}

std::size_t LintReport::errors() const {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [](const LintFinding& finding) {
    return finding.severity == LintFinding::Severity::error;
  }));
}

std::string LintReport::to_json() const {
  json::Array array;
  for (const LintFinding& finding : findings) {
    json::Object object{{"severity", finding.severity == Severity::error ? "error" : "warning"},
                        {"file", finding.file}};
    if (finding.number != 0) object.emplace_back("number", std::uint64_t{finding.number});
    if (!finding.rule.empty()) object.emplace_back("rule", finding.rule);
    object.emplace_back("check", finding.check);
    object.emplace_back("problem", finding.problem);
    array.emplace_back(std::move(object));
  }
  return json::write(json::object({{"schema", "jobmedic.lint/1"},
                                   {"rules", std::uint64_t{rules}},
                                   {"errors", std::uint64_t{errors()}},
                                   {"findings", std::move(array)}}));
}

LintReport lint_rules(std::span<const std::filesystem::path> paths) {
  std::vector<classify::RuleText> documents;
  for (const std::filesystem::path& path : paths) {
    for (classify::RuleText& document : classify::rule_texts(path)) documents.push_back(std::move(document));
  }
  const std::vector<classify::RuleText> shipped = classify::shipped_rule_texts();
  Collection collection;
  for (const classify::RuleText& document : documents) collection.add(document, false, true);
  for (const classify::RuleText& document : shipped) collection.add(document, true, paths.empty());
  collection.drop_unknown_relations();

  LintReport report;
  report.rules = collection.size();
  const classify::CompiledRules compiled(RuleSet::of(std::move(collection.rules)), {{{}, false}});
  Lint lint(compiled, std::move(collection.judged));
  classify::lint_order(lint);
  classify::lint_regexes(lint);
  classify::lint_words(lint);

  report.findings = std::move(collection.findings);
  report.findings.insert(report.findings.end(), lint.findings().begin(), lint.findings().end());
  const auto places = places_of(paths.empty() ? shipped : documents);
  std::stable_sort(report.findings.begin(), report.findings.end(), [&](const LintFinding& a, const LintFinding& b) {
    return std::pair(places.at(a.file), a.number) < std::pair(places.at(b.file), b.number);
  });
  return report;
}

}  // namespace jobmedic
