#include <fmt/format.h>

#include "cli/page.hpp"
#include "cli/rules_learn_commands.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  FailureSources sources;
  std::string out;
  std::size_t most = 20;
};

std::string plural(std::size_t count, const std::string& word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string name_of(const AttemptName& name) {
  if (name.run.empty()) return name.job;
  return fmt::format("{} {} attempt {}", name.job, name.run, name.attempt);
}

void add_suggestion(Page& page, const Suggestion& suggestion) {
  const std::size_t failures = suggestion.would_classify.size();
  page.end_line().text(suggestion.rule.name, Tone::strong);
  page.line(fmt::format("  {}, {}", plural(failures, "failure"), dollars(suggestion.cost_usd)));
  page.field("line", suggestion.rule.matches.empty() ? suggestion.text : suggestion.rule.matches.front());
  page.field("regex", suggestion.rule.regex);
  const std::string retry = suggestion.rule.restartable ? "restartable" : "not restartable";
  page.field("category", suggestion.needs_choice
                             ? suggestion.why
                             : fmt::format("{}, {}: {}", suggestion.rule.category, retry, suggestion.why));
  std::vector<std::string> names;
  for (const AttemptName& name : suggestion.would_classify) names.push_back(name_of(name));
  page.field("would have", "classified " + few(names));
}

std::string accept_command(const Options& options, const Suggestion& suggestion) {
  std::string command = "jobmedic rules accept " + suggestion.rule.name + " --rules my-rules.json";
  command += options.out.empty() ? " --store " + (options.sources.store.empty() ? "URL" : options.sources.store)
                                 : " --from " + options.out;
  if (suggestion.needs_choice) command += " --category CATEGORY";
  return command;
}

std::string page_of(const Candidates& found, const Options& options) {
  Page page;
  std::size_t covered = 0;
  for (const Suggestion& suggestion : found.suggestions) covered += suggestion.would_classify.size();
  page.line(fmt::format("{} for {} of {} ({})", plural(found.suggestions.size(), "candidate rule"), covered,
                        plural(found.failures, "unclassified failure"), dollars(found.cost_usd)),
            Tone::strong);
  if (found.classified > 0) {
    page.line(fmt::format("  {} known to a rule by now", plural(found.classified, "failure")));
  }
  for (const Suggestion& suggestion : found.suggestions) add_suggestion(page, suggestion);
  if (found.suggestions.empty()) return page.str();
  page.end_line();
  if (options.out.empty() && options.sources.store.empty()) {
    page.line("Write them down with --out FILE, then: jobmedic rules accept NAME --rules my-rules.json --from FILE");
  } else {
    page.line("To accept one: " + accept_command(options, found.suggestions.front()));
  }
  return page.str();
}

void suggest(const Options& options, const Session& session) {
  const Candidates found = find_candidates(options.sources, options.most);
  const std::string document = suggestions_to_json(found.suggestions);
  if (!options.out.empty()) write_file_atomically(options.out, json::write(json::parse(document), 2) + "\n");
  session.answer(document, [&] { return page_of(found, options); });
}

}  // namespace

void add_rules_suggest(CLI::App& group, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      session.command(group, "suggest",
                      "Candidate rules from failures that no rule knew, the most expensive first. Nothing is changed: "
                      "a person accepts.",
                      "jobmedic rules suggest --store sqlite:jobmedic.db --innocent good-runs/ --out suggestions.json");
  FailureSources& from = options->sources;
  command->add_option("--store", from.store, "failures that remediate left unclassified: sqlite:PATH")
      ->type_name("URL");
  command
      ->add_option("folders", from.folders,
                   "a folder of one failed run's logs (attempt.json beside them names it), or of such folders")
      ->type_name("DIR");
  command
      ->add_option("--rules", from.rules,
                   "your own rules, known beside the shipped ones: a file or a folder; repeatable")
      ->type_name("PATH")
      ->allow_extra_args(false);
  command
      ->add_option("--innocent", from.innocent,
                   "logs of runs that ended well, a file or a folder: no candidate may match there; repeatable")
      ->type_name("PATH")
      ->allow_extra_args(false);
  command->add_flag("!--no-shipped-rules", from.shipped, "take only --rules for known");
  command->add_option("--most", options->most, "how many candidates")->check(CLI::Range(1, 500))->capture_default_str();
  command->add_option("--out", options->out, "also write them here (jobmedic.rules/1)")->type_name("FILE");
  session.on(command, [options, &session] { suggest(*options, session); });
}

}  // namespace jobmedic::cli
