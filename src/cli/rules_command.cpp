// jobmedic rules list and lint: which rules there are, and what is wrong with them.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/arguments.hpp"
#include "cli/page.hpp"
#include "cli/session.hpp"
#include "jobmedic/lint.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

// --- list ---

struct ListOptions {
  std::vector<std::string> rules;
  std::string store;
  std::string category;
};

// What the failed attempts of a history say about a rule.
struct Won {
  std::size_t failures = 0;
  double cost_usd = 0;
};
using History = std::map<std::string, Won>;  // by rule; "": unclassified

History history_of(const std::string& url) {
  History history;
  existing_store(url, true)->each_attempt([&](const Attempt& attempt) {
    if (!attempt.outcome || attempt.outcome->succeeded) return;
    Won& won = history[attempt.outcome->rule];
    ++won.failures;
    won.cost_usd += attempt.outcome->cost_usd.value_or(0);
  });
  return history;
}

Won take(History& history, const std::string& rule) {
  const auto found = history.extract(rule);
  return found ? found.mapped() : Won{};
}

void add_won(json::Object& object, const Won& won) {
  object.emplace_back("failures", std::uint64_t{won.failures});
  object.emplace_back("cost_usd", won.cost_usd);
}

json::Value document_of(const std::vector<Rule>& rules, std::optional<History> history) {
  json::Array array;
  for (const Rule& rule : rules) {
    json::Object object{{"name", rule.name},    {"category", rule.category}, {"restartable", rule.restartable},
                        {"fault", rule.fault},  {"source", rule.source},     {"log", rule.log},
                        {"file", rule.file},    {"shipped", rule.shipped},   {"summary", rule.summary},
                        {"advice", rule.advice}};
    if (history) add_won(object, take(*history, rule.name));
    array.emplace_back(std::move(object));
  }
  json::Object document{{"schema", "jobmedic.rule_list/1"}, {"rules", std::move(array)}};
  if (!history) return document;
  json::Object unclassified;
  add_won(unclassified, take(*history, ""));
  document.emplace_back("unclassified", std::move(unclassified));
  json::Array others;
  for (const auto& [name, won] : *history) {
    json::Object other{{"name", name}};
    add_won(other, won);
    others.emplace_back(std::move(other));
  }
  document.emplace_back("not_listed", std::move(others));
  return document;
}

std::string page_of(const std::vector<Rule>& rules, std::optional<History> history) {
  std::vector<std::vector<std::string>> rows{{"rule", "category", "run again", "source", "file"}};
  if (history) rows.front().insert(rows.front().end(), {"failures", "cost"});
  const auto cells = [](const Won& won) {
    return won.failures == 0 ? std::vector<std::string>{"-", ""}
                             : std::vector<std::string>{std::to_string(won.failures), dollars(won.cost_usd)};
  };
  const auto add = [&](std::vector<std::string> row, const Won& won) {
    const auto more = cells(won);
    if (history) row.insert(row.end(), more.begin(), more.end());
    rows.push_back(std::move(row));
  };
  for (const Rule& rule : rules) {
    add({rule.name, rule.category, rule.restartable ? "helps" : "fails again", rule.source,
         rule.shipped ? "shipped " + rule.file : rule.file},
        history ? take(*history, rule.name) : Won{});
  }
  Page page;
  page.table(rows, false);
  page.line(fmt::format("{} rule{}, the first that matches decides", rules.size(), rules.size() == 1 ? "" : "s"));
  if (!history) return page.str();
  const Won unclassified = take(*history, "");
  page.line(fmt::format("{} failures unclassified ({})", unclassified.failures, dollars(unclassified.cost_usd)));
  for (const auto& [name, won] : *history) {
    page.line(fmt::format("{} failures by {}, not listed here ({})", won.failures, name, dollars(won.cost_usd)));
  }
  return page.str();
}

void list(const ListOptions& options, const Session& session) {
  const RuleSet set = read_rules(options.rules);
  std::vector<Rule> rules;
  std::copy_if(set.rules().begin(), set.rules().end(), std::back_inserter(rules),
               [&](const Rule& rule) { return options.category.empty() || rule.category == options.category; });
  std::optional<History> history;
  if (!options.store.empty()) history = history_of(options.store);
  session.answer(json::write(document_of(rules, history)), [&] { return page_of(rules, history); });
}

void add_list(CLI::App& group, Session& session) {
  const auto options = std::make_shared<ListOptions>();
  CLI::App* command = session.command(group, "list", "The rules in order, and how often each was the verdict.",
                                      "jobmedic rules list --category memory_config --store sqlite:jobmedic.db");
  add_rules(command, options->rules);
  command->add_option("--store", options->store, "a history that counts failures and their cost: sqlite:PATH")
      ->type_name("URL");
  command->add_option("--category", options->category, "only the rules of this category")
      ->check(CLI::IsMember(std::vector<std::string>(categories().begin(), categories().end())))
      ->type_name("NAME");
  session.on(command, [options, &session] { list(*options, session); });
}

// --- lint ---

std::string page_of(const LintReport& report) {
  Page page;
  for (const LintFinding& finding : report.findings) {
    const bool error = finding.severity == LintFinding::Severity::error;
    page.text(error ? "error    " : "warning  ", error ? Tone::bad : Tone::changed).line(finding.line());
  }
  const std::size_t errors = report.errors();
  const std::size_t warnings = report.findings.size() - errors;
  const auto count = [](std::size_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); };
  page.line(fmt::format("{}: {}, {}", count(report.rules, "rule"), count(errors, "error"), count(warnings, "warning")),
            errors > 0 ? Tone::bad : Tone::good);
  return page.str();
}

void add_lint(CLI::App& group, Session& session) {
  const auto rules = std::make_shared<std::vector<std::string>>();
  CLI::App* command = session.command(
      group, "lint",
      "What is wrong with rules: examples that fail, rules that can never win, regexes that cost too much, unknown\n"
      "names. All findings, one a line. Exit code: 0 no errors (warnings may be), 1 errors.",
      "jobmedic rules lint --rules rules/");
  command
      ->add_option("--rules", *rules,
                   "your rules, and how they stand with the shipped ones: a file or a folder; repeatable (default: the "
                   "shipped rules)")
      ->type_name("PATH")
      ->allow_extra_args(false);
  session.on(command, [rules, &session] {
    const std::vector<std::filesystem::path> paths(rules->begin(), rules->end());
    const LintReport report = lint_rules(paths);
    session.answer(report.to_json(), [&] { return page_of(report); });
    if (report.errors() > 0) session.set_exit_code(1);
  });
}

}  // namespace

void add_rules_command(CLI::App& app, Session& session) {
  CLI::App* group = Session::group(app, "rules", "The rules: which there are, and how good they are.");
  add_list(*group, session);
  add_lint(*group, session);
  add_rules_test_command(*group, session);
}

}  // namespace jobmedic::cli
