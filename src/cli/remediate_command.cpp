// jobmedic remediate: the whole chain for one failed attempt.
#include "cli/arguments.hpp"
#include "cli/engine_options.hpp"
#include "cli/logs.hpp"
#include "cli/output.hpp"
#include "cli/script_output.hpp"
#include "cli/session.hpp"
#include "cli/verdict_page.hpp"
#include "core/text.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  EngineOptions engine;
  std::string attempt;
  LogOptions logs;
};

constexpr int not_to_be_retried = 3;

// So that "remediate --format spark-conf >next.conf && spark-submit ..." does not submit what is hopeless.
bool retried(const std::string& remediation) {
  const json::Value document = json::parse(remediation);
  const json::Reader retry = json::Reader(document).at("retry");
  if (retry.at("restart").boolean()) return true;
  print_error("no retry: " + one_line(retry.string_or("reason", "")));
  return false;
}

void remediate(const Options& options, const std::string& format, Session& session) {
  const Attempt failed = read_attempt(options.attempt);
  const Logs logs = find_logs(options.logs);
  Engine engine = open_engine(options.engine);
  RunFacts facts;
  const Classification verdict = read_logs(engine.scan(&failed), logs, &failed, &facts);
  const Attempt known = with_facts(failed, facts);
  const SecretMask secrets = secret_mask(options.engine.secrets);
  const std::string document = engine.remediate(known, verdict, [&] { return mine_logs(logs, &failed, secrets); });
  if (format == "env") {
    return print(remediation_assignments(document) + config_assignments(engine.get_config(known)));
  }
  if (format == "spark-conf") {
    if (retried(document)) return print(spark_properties(engine.get_config(known)));
    return session.set_exit_code(not_to_be_retried);
  }
  session.answer(document, [&] { return remediation_page(secrets.mask(known), document); });
}

}  // namespace

void add_remediate_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      app, "remediate", "Classify a failed attempt, recommend, save the patch and decide about the retry.",
      "jobmedic remediate --store sqlite:jobmedic.db --attempt attempt.json --log driver.stderr --log "
      "executor-0.stderr\n"
      "\nFor scripts (one is examples/shell/heal.sh):\n"
      "  answer=$(jobmedic remediate --format env ...) && eval \"$answer\"\n"
      "    sets JOBMEDIC_RESTART (1 or 0), _AFTER_S, _REASON, _DECISION, _PATCH_ID, _RULE, _CATEGORY, _SUMMARY, "
      "_ADVICE,\n"
      "    _MODE, _QUARANTINED, _STOPPED, and the next configuration: JOBMEDIC_CONFIG (JSON) and, for each setting,\n"
      "    JOBMEDIC_CONFIG_ and its name: JOBMEDIC_CONFIG_SPARK_EXECUTOR_MEMORY\n"
      "  jobmedic remediate --format spark-conf ... >next.conf && spark-submit --properties-file next.conf job.py\n"
      "    the next configuration; where there is to be no retry it prints nothing and ends with 3");
  add_script_formats(command);
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
  session.on(command, [options, command, &session] { remediate(*options, format_of(command), session); });
}

}  // namespace jobmedic::cli
