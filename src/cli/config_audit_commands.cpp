// jobmedic config history, rollback, stop, resume: who changed what, the way back, and the kill switch.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/config_page.hpp"
#include "cli/session.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string patch;
  std::size_t limit = 20;
  std::int64_t number = 0;
  Author author;
};

std::string masked_document(const std::vector<Change>& changes) {
  return SecretMask().mask_json(changes_document(changes));
}

void history(const Options& options, const Session& session) {
  const std::vector<Change> changes = existing_store(options.store, true)->changes(options.limit, options.patch);
  session.answer(masked_document(changes), [&] { return changes_page(changes); });
}

void roll_back(const Options& options, const Session& session) {
  const std::vector<Change> changes = existing_store(options.store)->roll_back(options.number, options.author);
  session.answer(masked_document(changes), [&] {
    return fmt::format("patches are as they were after change {}; {} had to change\n", options.number, changes.size()) +
           (changes.empty() ? "" : changes_page(changes));
  });
}

void stop(const Options& options, bool stop, const Session& session) {
  const Automation automation = existing_store(options.store)->stop_automation(stop, options.author);
  session.answer(automation.document(), [&] {
    if (automation.since.empty()) return std::string("automation is at work; it was never stopped\n");
    return automation.words() + "\n" +
           (automation.stopped ? "no patch is applied or recommended until: jobmedic config resume\n" : "");
  });
}

}  // namespace

void add_config_audit_commands(CLI::App& config, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* history_command =
      session.command(config, "history", "The audit trail: who changed which patch, when, why, from what to what.",
                      "jobmedic config history --store sqlite:jobmedic.db --patch p-00000001");
  add_store(history_command, options->store);
  history_command->add_option("--patch", options->patch, "only the changes of this patch")->type_name("ID");
  history_command->add_option("--limit", options->limit, "at most so many, the newest first")
      ->capture_default_str()
      ->type_name("N");
  session.on(history_command, [options, &session] { history(*options, session); });

  const auto back = std::make_shared<Options>();
  CLI::App* rollback_command = session.command(
      config, "rollback", "Bring every patch back to what it was after a change; 0 is before the first one.",
      "jobmedic config rollback 41 --store sqlite:jobmedic.db --reason \"the import was wrong\"");
  rollback_command->add_option("number", back->number, "the change, as config history shows it")
      ->required()
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  add_store(rollback_command, back->store);
  add_author(rollback_command, back->author);
  session.on(rollback_command, [back, &session] { roll_back(*back, session); });

  for (const bool stopping : {true, false}) {
    const auto flag = std::make_shared<Options>();
    CLI::App* command = session.command(
        config, stopping ? "stop" : "resume",
        stopping ? "Stop all automation at once: no patch is applied, saved or recommended, anywhere."
                 : "End a stop: patches are applied and recommended again.",
        fmt::format("jobmedic config {} --store sqlite:jobmedic.db --reason \"{}\"", stopping ? "stop" : "resume",
                    stopping ? "a release goes wrong" : "the release is fixed"));
    add_store(command, flag->store);
    add_author(command, flag->author);
    session.on(command, [flag, stopping, &session] { stop(*flag, stopping, session); });
  }
}

}  // namespace jobmedic::cli
