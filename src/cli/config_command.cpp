// jobmedic config: what the scheduler asks before it starts the next attempt, and why it is answered so.
#include "cli/arguments.hpp"
#include "cli/config_list_command.hpp"
#include "cli/config_page.hpp"
#include "cli/output.hpp"
#include "cli/script_output.hpp"
#include "cli/session.hpp"
#include "cli/verdict_page.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string attempt;
  std::string space;
};

Engine engine_of(const Options& options) {
  existing_store(options.store, true);
  json::Object config{{"store", options.store}, {"shipped_rules", false}};  // no log is read here
  if (!options.space.empty()) config.emplace_back("space", options.space);
  return Engine(json::write(config));
}

void get_config(const Options& options, const std::string& format, const Session& session) {
  const Attempt attempt = read_attempt(options.attempt);
  const ConfigAnswer answer = engine_of(options).get_config(attempt);
  if (format == "env") return print(config_assignments(answer));
  if (format == "spark-conf") return print(spark_properties(answer));
  // The document is for the scheduler, who needs the passwords; the page is for people, who do not.
  session.answer(answer.to_json(), [&] {
    ConfigAnswer shown = answer;
    shown.config = SecretMask().mask_json(answer.config);
    return config_page(SecretMask().mask(attempt), shown);
  });
}

void explain_config(const Options& options, const std::string& /*format*/, const Session& session) {
  const Attempt attempt = read_attempt(options.attempt);
  const ConfigExplanation explanation = engine_of(options).explain_config(attempt);
  session.answer(SecretMask().mask_json(explanation.to_json()), [&] { return explanation_page(attempt, explanation); });
}

CLI::App* add_attempt_command(CLI::App& config, Session& session, const char* name, const char* description,
                              const char* more_examples,
                              void (*action)(const Options&, const std::string& format, const Session&)) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      config, name, description,
      std::string("jobmedic config ") + name + " --store sqlite:jobmedic.db --attempt attempt.json" + more_examples);
  add_store(command, options->store);
  command->add_option("--attempt", options->attempt, "the attempt about to start (jobmedic.attempt/1)")
      ->required()
      ->type_name("FILE");
  command->add_option("--space", options->space, "what may be changed (default: the engine's own)")->type_name("FILE");
  session.on(command, [options, action, command, &session] { action(*options, format_of(command), session); });
  return command;
}

}  // namespace

void add_config_command(CLI::App& app, Session& session) {
  CLI::App* config = Session::group(app, "config", "The configuration of the next attempt, and the patches behind it.");
  CLI::App* get = add_attempt_command(
      *config, session, "get", "Apply the stored patches to an attempt's configuration; changes nothing.",
      "\n  answer=$(jobmedic config get --format env --store sqlite:jobmedic.db --attempt attempt.json) && eval "
      "\"$answer\""
      "\n  jobmedic config get --format spark-conf --store sqlite:jobmedic.db --attempt attempt.json >next.conf",
      get_config);
  add_script_formats(get);
  add_attempt_command(*config, session, "explain",
                      "Which patches match an attempt, what each changed, and why others did not apply.", "",
                      explain_config);
  add_config_list_command(*config, session);
  add_config_patch_commands(*config, session);
  add_config_audit_commands(*config, session);
}

}  // namespace jobmedic::cli
