// jobmedic rules test: verdicts on failures whose truth is known.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/arguments.hpp"
#include "cli/labelled.hpp"
#include "cli/page.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

constexpr const char* none = "none";  // as a label: nothing failed; as a verdict: unclassified

struct Options {
  std::string folder;
  std::vector<std::string> rules;
  double min_accuracy = 0;
};

struct Miss {
  std::string name;
  std::string category;
  std::optional<bool> restartable;
  Classification verdict;
};

struct Score {
  std::size_t failures = 0;
  std::size_t innocents = 0;
  std::size_t category_right = 0;  // of both
  std::size_t judged = 0;          // failures whose label says whether a restart helps
  std::size_t restartable_right = 0;
  std::size_t unclassified = 0;
  std::size_t fooled = 0;
  std::map<std::string, std::map<std::string, std::size_t>> confusion;  // true category, given category
  std::vector<Miss> misses;

  [[nodiscard]] std::size_t cases() const { return failures + innocents; }
  [[nodiscard]] double accuracy() const { return static_cast<double>(category_right) / static_cast<double>(cases()); }

  void add(const LabelledCase& labelled, const Classification& verdict) {
    const std::string given = verdict.classified ? verdict.category : none;
    const bool innocent = labelled.category == none;
    const bool right = given == labelled.category;
    const bool restart_right =
        !labelled.restartable || (verdict.classified && verdict.restartable == *labelled.restartable);
    ++(innocent ? innocents : failures);
    ++confusion[labelled.category][given];
    if (right) ++category_right;
    if (innocent && verdict.classified) ++fooled;
    if (!innocent && !verdict.classified) ++unclassified;
    if (labelled.restartable) {
      ++judged;
      if (restart_right) ++restartable_right;
    }
    if (!right || !restart_right) misses.push_back({labelled.name, labelled.category, labelled.restartable, verdict});
  }
};

// --- as a document ---

json::Value restartable_value(const std::optional<bool>& restartable) {
  return restartable ? json::Value(*restartable) : json::Value();
}

json::Value miss_value(const Miss& miss) {
  json::Object given{{"category", miss.verdict.classified ? miss.verdict.category : none}};
  if (miss.verdict.classified) {
    given.emplace_back("restartable", miss.verdict.restartable);
    given.emplace_back("rule", miss.verdict.rule);
  }
  if (const auto& evidence = miss.verdict.evidence) {
    given.emplace_back(
        "evidence",
        json::object({{"log", evidence->log}, {"line", std::uint64_t{evidence->line}}, {"text", evidence->text}}));
  }
  return json::object(
      {{"name", miss.name},
       {"expected", json::object({{"category", miss.category}, {"restartable", restartable_value(miss.restartable)}})},
       {"given", std::move(given)}});
}

json::Value document_of(const Score& score) {
  json::Object confusion;
  for (const auto& [category, row] : score.confusion) {
    json::Object given;
    for (const auto& [name, count] : row) given.emplace_back(name, std::uint64_t{count});
    confusion.emplace_back(category, std::move(given));
  }
  json::Array misses;
  for (const Miss& miss : score.misses) misses.push_back(miss_value(miss));
  return json::object({{"schema", "jobmedic.rules_test/1"},
                       {"failures", std::uint64_t{score.failures}},
                       {"innocents", std::uint64_t{score.innocents}},
                       {"accuracy", score.accuracy()},
                       {"category_right", std::uint64_t{score.category_right}},
                       {"restartable_judged", std::uint64_t{score.judged}},
                       {"restartable_right", std::uint64_t{score.restartable_right}},
                       {"unclassified", std::uint64_t{score.unclassified}},
                       {"innocents_fooled", std::uint64_t{score.fooled}},
                       {"confusion", std::move(confusion)},
                       {"misses", std::move(misses)}});
}

// --- for people ---

std::vector<std::string> categories_in(const Score& score) {
  std::vector<std::string> names(categories().begin(), categories().end());
  names.emplace_back(none);
  std::erase_if(names, [&](const std::string& name) {
    return !score.confusion.contains(name) && std::none_of(score.confusion.begin(), score.confusion.end(),
                                                           [&](const auto& row) { return row.second.contains(name); });
  });
  return names;
}

// "memory_config" heads a column as "memory", "user_code" as "code".
std::string short_name(const std::string& category) {
  const std::size_t cut = category.find('_');
  if (cut == std::string::npos) return category.substr(0, 10);
  return category.starts_with("user_") ? category.substr(cut + 1) : category.substr(0, cut);
}

void add_confusion(Page& page, const Score& score) {
  const std::vector<std::string> names = categories_in(score);
  std::vector<std::vector<std::string>> rows{{"true \\ given"}};
  for (const std::string& name : names) rows.front().push_back(short_name(name));
  for (const std::string& name : names) {
    const auto row = score.confusion.find(name);
    if (row == score.confusion.end()) continue;
    std::vector<std::string>& cells = rows.emplace_back();
    cells.push_back(name);
    for (const std::string& given : names) {
      const auto count = row->second.find(given);
      cells.push_back(count == row->second.end() ? "." : std::to_string(count->second));
    }
  }
  page.table(rows, true);
}

void add_share(Page& page, std::string_view label, std::size_t count, std::size_t of) {
  if (of == 0) return;
  const double share = 100.0 * static_cast<double>(count) / static_cast<double>(of);
  page.line(fmt::format("  {:<18}{:>5} of {} ({:.1f} %)", label, count, of, share));
}

std::string words(const std::string& category, const std::optional<bool>& restartable) {
  if (!restartable) return category;
  return category + (*restartable ? ", restartable" : ", not restartable");
}

std::string words(const Miss& miss) {
  const Classification& verdict = miss.verdict;
  const std::string expected = fmt::format("{}: is {}", miss.name, words(miss.category, miss.restartable));
  if (!verdict.classified) return expected + "; given none: unclassified";
  std::string place = "the exit code";
  if (verdict.evidence && verdict.evidence->line > 0) {
    const std::string& log = verdict.evidence->log;
    place = fmt::format("{}:{}: {}", log.empty() ? "line" : log, verdict.evidence->line,
                        verdict.evidence->text.substr(0, 160));
  }
  return fmt::format("{}; given {} by {} at {}", expected, words(verdict.category, verdict.restartable), verdict.rule,
                     place);
}

std::string page_of(const Score& score) {
  Page page;
  add_confusion(page, score);
  page.end_line();
  add_share(page, "category right", score.category_right, score.cases());
  add_share(page, "restartable right", score.restartable_right, score.judged);
  add_share(page, "unclassified", score.unclassified, score.failures);
  add_share(page, "innocents fooled", score.fooled, score.innocents);
  if (!score.misses.empty()) page.end_line();
  for (const Miss& miss : score.misses) page.line(words(miss));
  return page.str();
}

void run(const Options& options, Session& session) {
  const Classifier classifier(read_rules(options.rules));
  const std::vector<LabelledCase> cases = find_labelled(options.folder);
  Score score;
  {
    Progress progress;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      progress.show(static_cast<double>(i) / static_cast<double>(cases.size()), cases[i].name);
      score.add(cases[i], verdict_on(classifier, cases[i]));
    }
  }
  session.answer(json::write(document_of(score)), [&] { return page_of(score); });
  if (score.accuracy() * 100 < options.min_accuracy) session.set_exit_code(1);
}

}  // namespace

void add_rules_test_command(CLI::App& rules, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      rules, "test",
      "Tries the rules on failures whose truth is known: a confusion table, accuracy, and each miss with its "
      "evidence.\nExit code: 0, or 1 where --min-accuracy is not reached.",
      "jobmedic rules test labelled/ --rules rules/ --min-accuracy 98");
  add_rules(command, options->rules);
  command
      ->add_option("--min-accuracy", options->min_accuracy,
                   "how many percent of the categories have to be right, for CI")
      ->check(CLI::Range(1.0, 100.0))
      ->type_name("PERCENT");
  command
      ->add_option(
          "labelled", options->folder,
          "a folder of folders, each with logs and a meta.json {\"category\", \"restartable\", \"exit_code\"}; or "
          "JSON Lines of {\"text\", \"category\", \"restartable\"}; category \"none\": nothing failed")
      ->required()
      ->type_name("DIR");
  session.on(command, [options, &session] { run(*options, session); });
}

}  // namespace jobmedic::cli
