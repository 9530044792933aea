// jobmedic: exit code 0 = the call worked, whatever the verdict; 1 = it failed, one line on standard error says why, or
// it was asked to find faults ("rules lint") and found some; 2 = wrong usage.
#include <fmt/format.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/forecast_options.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/version.hpp"

namespace jobmedic::cli {
namespace {

constexpr const char* overview = R"(
A failed job, step by step:
  jobmedic classify logs/                                  what went wrong, from the logs alone
  jobmedic history import attempts.jsonl --store sqlite:jobmedic.db
  jobmedic train --store sqlite:jobmedic.db                learn from the history
  jobmedic remediate --store sqlite:jobmedic.db --attempt attempt.json --log logs/
  jobmedic config get --store sqlite:jobmedic.db --attempt attempt.json
  jobmedic outcome record attempt-2.json --store sqlite:jobmedic.db

"jobmedic COMMAND --help" explains a command and shows an example.)";

constexpr int worked = 0;
constexpr int failed = 1;
constexpr int wrong_usage = 2;

std::string name_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : name_of(*app.get_parent()) + " " + app.get_name();
}

// The innermost command that was named: whose help to offer.
const CLI::App& deepest(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : deepest(*chosen.front());
}

int run(CLI::App& app, Session& session, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return session.run();
  } catch (const CLI::CallForHelp&) {
    const CLI::App& asked = deepest(app);
    print(asked.help(asked.get_parent() == nullptr ? "" : name_of(*asked.get_parent())));
    return worked;
  } catch (const CLI::CallForVersion& version) {
    print(fmt::format("{}\n", version.what()));
    return worked;
  } catch (const CLI::ParseError& error) {
    print_error(fmt::format("{} (try: {} --help)", one_line(error.what()), name_of(deepest(app))));
    return wrong_usage;
  }
}

// Most runs end after milliseconds: memory once freed is kept for the next use, since fresh pages cost more than
// reading a log.
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kept = 32 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kept);
  ::mallopt(M_TRIM_THRESHOLD, 2 * kept);
  ::mallopt(M_TOP_PAD, 4 << 20);
#endif
}

int guarded(int argc, char** argv) noexcept {
  try {
    keep_freed_memory();
    secure_standard_streams();
    CLI::App app("Says why a data job failed, whether a retry is worth its money, and which configuration heals it.",
                 "jobmedic");
    app.footer(overview);
    app.set_version_flag("--version", "jobmedic " + std::string(version()));
    app.require_subcommand(1);
    Session session;
    for (const auto add :
         {add_classify_command, add_recommend_command, add_remediate_command, add_config_command, add_outcome_command,
          add_record_command, add_history_command, add_train_command, add_replay_command, add_rightsize_command,
          add_report_command, add_models_command, add_metrics_command, add_rules_command, add_rules_learn_commands,
          add_patch_command, add_optimize_command, add_forecast_command}) {
      add(app, session);
    }
    return run(app, session, argc, argv);
  } catch (const std::bad_alloc&) {
    print_error("out of memory");
  } catch (const std::exception& error) {
    print_error(error.what());
  } catch (...) {
    print_error("unknown failure");
  }
  return failed;
}

}  // namespace
}  // namespace jobmedic::cli

int main(int argc, char** argv) {
  return jobmedic::cli::guarded(argc, argv);
}
