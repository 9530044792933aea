// jobmedic remediate: the whole chain for one failed attempt.
#include "cli/arguments.hpp"
#include "cli/engine_options.hpp"
#include "cli/logs.hpp"
#include "cli/session.hpp"
#include "cli/verdict_page.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  EngineOptions engine;
  std::string attempt;
  LogOptions logs;
};

void remediate(const Options& options, const Session& session) {
  const Attempt failed = read_attempt(options.attempt);
  const Logs logs = find_logs(options.logs);
  Engine engine = open_engine(options.engine);
  RunFacts facts;
  const Classification verdict = read_logs(engine.scan(&failed), logs, &failed, &facts);
  const Attempt known = with_facts(failed, facts);
  const SecretMask secrets = secret_mask(options.engine.secrets);
  const std::string document = engine.remediate(known, verdict, [&] { return mine_logs(logs, &failed, secrets); });
  session.answer(document, [&] { return remediation_page(secrets.mask(known), document); });
}

}  // namespace

void add_remediate_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      app, "remediate", "Classify a failed attempt, recommend, save the patch and decide about the retry.",
      "jobmedic remediate --store sqlite:jobmedic.db --attempt attempt.json --log driver.stderr --log "
      "executor-0.stderr");
  add_engine_options(command, options->engine);
  command->add_option("--attempt", options->attempt, "the failed attempt (jobmedic.attempt/1)")
      ->required()
      ->type_name("FILE");
  command
      ->add_option(
          "--loop", options->engine.loop,
          "how far to go: rollout_percent, rollout_label, quarantine_after, retry_budget, retire_failed; a JSON object")
      ->type_name("FILE");
  command
      ->add_option("--mode", options->engine.mode,
                   "act; shadow: decide and record, change nothing; dry_run: record nothing either")
      ->check(CLI::IsMember({"act", "shadow", "dry_run"}));
  command->add_flag("--trace", options->engine.trace, "tell each step on standard error");
  add_collector(command, options->logs);
  command->add_option("--log", options->logs.logs, std::string(log_help) + "; repeatable")
      ->allow_extra_args(false)
      ->type_name("LOG");
  session.on(command, [options, &session] { remediate(*options, session); });
}

}  // namespace jobmedic::cli
