// jobmedic recommend: is a retry worth its money, and with which configuration?
#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/engine_options.hpp"
#include "cli/session.hpp"
#include "cli/verdict_page.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  EngineOptions engine;
  std::string attempt;
  std::string job;
  std::string classification;
};

Attempt failed_attempt(const Options& options) {
  if (!options.attempt.empty()) return read_attempt(options.attempt);
  auto last = existing_store(options.engine.store, true)->last_attempt(options.job);
  if (last) return std::move(*last);
  throw Error(Status::invalid_argument,
              fmt::format("{} has no attempt of job \"{}\": import its history or give --attempt", options.engine.store,
                          options.job));
}

// What its outcome says, as far as the rule is known.
Classification recorded_verdict(const Attempt& failed, const RuleSet& rules) {
  Classification verdict;
  if (!failed.outcome || failed.outcome->category.empty()) return verdict;
  verdict.classified = true;
  verdict.rule = failed.outcome->rule;
  verdict.category = failed.outcome->category;
  const auto rule = std::find_if(rules.rules().begin(), rules.rules().end(),
                                 [&](const Rule& known) { return known.name == verdict.rule; });
  if (rule == rules.rules().end()) return verdict;
  verdict.fault = rule->fault;
  verdict.restartable = rule->restartable;
  verdict.retry = rule->retry;
  verdict.summary = rule->summary;
  verdict.advice = rule->advice;
  return verdict;
}

void recommend(const Options& options, const Session& session) {
  if (options.attempt.empty() && options.job.empty()) throw CLI::RequiredError("--attempt or --job");
  const Attempt failed = failed_attempt(options);
  const Classification verdict =
      options.classification.empty()
          ? recorded_verdict(failed, read_rules(options.engine.rules, options.engine.shipped_rules))
          : read_as(options.classification, [](const std::string& text) { return Classification::parse(text); });
  existing_store(options.engine.store, true);
  Engine engine = open_engine(options.engine);
  const Recommendation answer = engine.recommend(failed, verdict);
  session.answer(answer.to_json(),
                 [&] { return recommendation_page(secret_mask(options.engine.secrets).mask(failed), answer); });
}

}  // namespace

void add_recommend_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      session.command(app, "recommend", "Say whether to retry a failed attempt, and with which configuration.",
                      "jobmedic recommend --store sqlite:jobmedic.db --job nightly_sessions --deadline-ms 100\n\n"
                      "The attempt's \"engine\" says which members of its \"config\" may change:\n"
                      "  spark       spark.executor.memory, spark.driver.memory, ...\n"
                      "  kubernetes  resources.limits.memory, resources.requests.memory, resources.limits.cpu, "
                      "resources.requests.cpu:\n"
                      "              flat keys, quantities as Kubernetes writes them (\"2048Mi\", \"500m\")\n"
                      "  another     memory_mib, cores; or your own, by --space FILE (jobmedic.space/1)");
  add_engine_options(command, options->engine);
  auto* attempt = command->add_option("--attempt", options->attempt, "the failed attempt (jobmedic.attempt/1)");
  attempt->type_name("FILE");
  command->add_option("--job", options->job, "instead: the last recorded attempt of this job")
      ->type_name("ID")
      ->excludes(attempt);
  command
      ->add_option("--classification", options->classification,
                   "the verdict of classify --format json (default: the attempt's own rule and category)")
      ->type_name("FILE");
  session.on(command, [options, &session] { recommend(*options, session); });
}

}  // namespace jobmedic::cli
