// jobmedic config get: what the scheduler asks before it starts the next attempt.
#include "cli/arguments.hpp"
#include "cli/session.hpp"
#include "cli/verdict_page.hpp"
#include "jobmedic/engine.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string attempt;
};

void get_config(const Options& options, const Session& session) {
  const Attempt attempt = read_attempt(options.attempt);
  existing_store(options.store, true);
  const Engine engine(json::write(json::object({{"store", options.store}})));
  const ConfigAnswer answer = engine.get_config(attempt);
  // The document is for the scheduler, who needs the passwords; the page is for people, who do not.
  session.answer(answer.to_json(), [&] {
    ConfigAnswer shown = answer;
    shown.config = SecretMask().mask_json(answer.config);
    return config_page(SecretMask().mask(attempt), shown);
  });
}

}  // namespace

void add_config_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* config = Session::group(app, "config", "The configuration of an attempt about to start.");
  CLI::App* get =
      session.command(*config, "get", "Apply the stored patches to an attempt's configuration; changes nothing.",
                      "jobmedic config get --store sqlite:jobmedic.db --attempt attempt.json --format json");
  add_store(get, options->store);
  get->add_option("--attempt", options->attempt, "the attempt about to start (jobmedic.attempt/1)")
      ->required()
      ->type_name("FILE");
  session.on(get, [options, &session] { get_config(*options, session); });
}

}  // namespace jobmedic::cli
