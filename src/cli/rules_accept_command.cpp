// jobmedic rules accept and correct: what a person decided goes into the user's rule file.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/arguments.hpp"
#include "cli/rule_file.hpp"
#include "cli/rules_learn_commands.hpp"
#include "cli/rules_override.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Accept {
  std::string name;
  std::string file;
  std::string store;
  std::string from;
  std::string category;
  std::string summary;
  std::string advice;
  std::string restartable;  // empty: as suggested
};

std::vector<Suggestion> suggestions(const Accept& options) {
  if (!options.from.empty()) return parse_suggestions(read_text(options.from), options.from);
  FailureSources sources;
  sources.store = options.store;
  std::error_code ignored;
  if (std::filesystem::exists(options.file, ignored)) sources.rules.push_back(options.file);
  return find_candidates(sources, 500).suggestions;
}

Suggestion find(const Accept& options) {
  const std::vector<Suggestion> all = suggestions(options);
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& it) { return it.rule.name == options.name; });
  if (found != all.end()) return *found;
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const Suggestion& suggestion : all) names.push_back(suggestion.rule.name);
  throw Error(Status::invalid_argument,
              fmt::format("{}: no suggestion \"{}\"{}", options.from.empty() ? options.store : options.from,
                          options.name, names.empty() ? "" : "; there are " + few(names)));
}

void decide(Suggestion& suggestion, const Accept& options) {
  Rule& rule = suggestion.rule;
  if (suggestion.needs_choice && options.category.empty()) {
    throw Error(Status::invalid_argument,
                fmt::format("\"{}\" says nothing of its kind: choose --category (memory_config, resource_limit, "
                            "user_code, user_config, data, dependency, permission, transient_infra, cancelled)",
                            rule.name));
  }
  if (!options.category.empty() && options.category != rule.category) {
    rule.category = options.category;
    rule.restartable = options.category == "transient_infra";
    rule.fault = rule.restartable ? "platform" : "user";
    rule.advice.clear();  // it was the other category's
  } else if (suggestion.needs_choice) {
    rule.restartable = options.category == "transient_infra";
  }
  if (!options.summary.empty()) rule.summary = options.summary;
  if (!options.advice.empty()) rule.advice = options.advice;
  if (!options.restartable.empty()) rule.restartable = options.restartable == "true";
}

void refuse_taken(const RuleSet& rules, const std::string& name, const std::string& file) {
  for (const Rule& rule : rules.rules()) {
    if (rule.name == name) {
      throw Error(Status::invalid_argument, fmt::format("{}: has a rule \"{}\" already", file, name));
    }
  }
}

void accept(const Accept& options, const Session& session) {
  if (options.store.empty() == options.from.empty()) {
    throw Error(Status::invalid_argument, "give one of --store and --from: where the suggestion is");
  }
  const std::string before = read_rule_file(options.file);
  if (!before.empty()) refuse_taken(RuleSet::parse(before, options.file), options.name, options.file);
  refuse_taken(RuleSet::shipped(), options.name, "the shipped rules");
  Suggestion chosen = find(options);
  decide(chosen, options);
  write_rule_file(options.file,
                  before.empty() ? rules_document(chosen.rule_json()) : with_rule(before, chosen.rule_json()));
  const json::Value document = json::object({{"schema", "jobmedic.accepted/1"},
                                             {"rule", chosen.rule.name},
                                             {"file", options.file},
                                             {"category", chosen.rule.category},
                                             {"restartable", chosen.rule.restartable},
                                             {"failures", std::uint64_t{chosen.would_classify.size()}},
                                             {"cost_usd", chosen.cost_usd}});
  session.answer(json::write(document), [&] {
    return fmt::format("{}: rule {} added ({}, {}); it would have classified {} past failure{}\n", options.file,
                       chosen.rule.name, chosen.rule.category,
                       chosen.rule.restartable ? "restartable" : "not restartable", chosen.would_classify.size(),
                       chosen.would_classify.size() == 1 ? "" : "s");
  });
}

struct Correct {
  std::string name;
  std::string file;
  std::string restartable;
};

}  // namespace

void add_rules_accept(CLI::App& group, Session& session) {
  const auto options = std::make_shared<Accept>();
  CLI::App* command = session.command(
      group, "accept", "Put a suggested rule into your rule file, which is made if it is not there.",
      "jobmedic rules accept LeaseGone --rules my-rules.json --from suggestions.json --category transient_infra");
  command->add_option("name", options->name, "the suggestion's name")->required()->type_name("NAME");
  command->add_option("--rules", options->file, "your rule file")->required()->type_name("FILE");
  command->add_option("--from", options->from, "what rules suggest wrote with --out")->type_name("FILE");
  command->add_option("--store", options->store, "or the store that it was suggested from: sqlite:PATH")
      ->type_name("URL");
  command->add_option("--category", options->category, "another category than the one proposed")->type_name("CATEGORY");
  command->add_option("--summary", options->summary, "one sentence: what happened")->type_name("TEXT");
  command->add_option("--advice", options->advice, "one sentence: what to do")->type_name("TEXT");
  command->add_option("--restartable", options->restartable, "would an unchanged retry plausibly succeed?")
      ->check(CLI::IsMember({"true", "false"}));
  session.on(command, [options, &session] { accept(*options, session); });
}

void add_rules_correct(CLI::App& group, Session& session) {
  const auto options = std::make_shared<Correct>();
  CLI::App* command = session.command(
      group, "correct", "Say in your rule file what a rule gets wrong; a shipped rule keeps its place in the order.",
      "jobmedic rules correct SparkFetchFailed --restartable true --rules my-rules.json");
  command->add_option("rule", options->name, "the rule's name")->required()->type_name("RULE");
  command->add_option("--restartable", options->restartable, "would an unchanged retry plausibly succeed?")
      ->required()
      ->check(CLI::IsMember({"true", "false"}));
  command->add_option("--rules", options->file, "your rule file")->required()->type_name("FILE");
  session.on(command, [options, &session] {
    const Override done = override_restartable(options->name, options->restartable == "true", options->file, "");
    session.answer(done.document, [&] { return done.words; });
  });
}

}  // namespace jobmedic::cli
