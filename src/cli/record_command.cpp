// jobmedic record: what became of an attempt, so that patches are counted and the next training knows.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/secret_options.hpp"
#include "cli/session.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string attempt;
  SecretOptions secrets;
};

void record(const Options& options, const Session& session) {
  const Attempt attempt = read_attempt(options.attempt);
  const bool changed = Store::open(options.store, masking(options.secrets))->record(attempt);
  const json::Value document = json::object({{"schema", "jobmedic.record/1"},
                                             {"job", attempt.job},
                                             {"run", attempt.run},
                                             {"attempt", attempt.attempt},
                                             {"changed", changed}});
  session.answer(json::write(document), [&] {
    return fmt::format("attempt {} of {} {}\n", attempt.attempt, attempt.job,
                       changed ? "recorded" : "was recorded already");
  });
}

}  // namespace

void add_record_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(app, "record", "Record how an attempt ended.",
                                      "jobmedic record --store sqlite:jobmedic.db --attempt attempt-2.json");
  add_store(command, options->store);
  add_secrets(command, options->secrets);
  command->add_option("--attempt", options->attempt, "the attempt with its outcome (jobmedic.attempt/1)")
      ->required()
      ->type_name("FILE");
  session.on(command, [options, &session] { record(*options, session); });
}

}  // namespace jobmedic::cli
