// jobmedic history import | prune: attempts, one per line, into the store, and old ones out of it.
#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/json_lines.hpp"
#include "cli/progress.hpp"
#include "cli/secret_options.hpp"
#include "cli/session.hpp"
#include "core/time.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string file;
  SecretOptions secrets;
};

struct Import {
  std::size_t attempts = 0;
  std::size_t changed = 0;
};

// Reads twice: a history with a malformed line must not be half in the store.
Import import_history(const Options& options) {
  const JsonLines history(options.file);
  Import import;
  history.each([&](std::string_view line) {
    static_cast<void>(Attempt::parse(line));
    ++import.attempts;
  });

  constexpr std::size_t batch_size = 500;
  const std::unique_ptr<Store> store = Store::open(options.store, masking(options.secrets));
  Progress progress;
  std::vector<Attempt> batch;
  std::size_t done = 0;
  const auto flush = [&] {
    import.changed += store->record_all(batch);
    done += batch.size();
    batch.clear();
    progress.show(static_cast<double>(done) / static_cast<double>(import.attempts), fmt::format("{} attempts", done));
  };
  history.each([&](std::string_view line) {
    batch.push_back(Attempt::parse(line));
    if (batch.size() == batch_size) flush();
  });
  if (!batch.empty()) flush();
  return import;
}

void run(const Options& options, const Session& session) {
  const Import import = import_history(options);
  const json::Value document = json::object({{"schema", "jobmedic.import/1"},
                                             {"attempts", std::uint64_t{import.attempts}},
                                             {"changed", std::uint64_t{import.changed}}});
  session.answer(json::write(document), [&] {
    return fmt::format("{} attempts read from {}, {} of them new or changed\n", import.attempts, options.file,
                       import.changed);
  });
}

constexpr const char* pruning = R"(
Attempts that began before then are deleted, with what was answered and learned of them alone: the model trains on what is
left, reports and "config explain" no longer know them. Patches, model versions and the audit trail stay. An attempt without
"started_at" stays. The file of a SQLite store does not shrink; its space is used again.

Examples:
  jobmedic history prune --store sqlite:jobmedic.db --older-than 400 --dry-run
  jobmedic history prune --store sqlite:jobmedic.db --before 2026-01-01T00:00:00Z)";

struct PruneOptions {
  std::string store;
  std::string before;
  double older_than_days = 0;
  bool dry_run = false;
};

std::string first_kept(const PruneOptions& options) {
  if (!options.before.empty()) return options.before;
  const std::chrono::duration<double, std::ratio<86400>> age(options.older_than_days);
  return format_time(now() - std::chrono::duration_cast<TimePoint::duration>(age));
}

void prune(const PruneOptions& options, const Session& session) {
  const std::string before = first_kept(options);
  const auto store = existing_store(options.store, options.dry_run);
  Pruned pruned;
  {
    Progress progress;
    const auto all = static_cast<double>(std::max<std::size_t>(store->attempt_count(), 1));
    pruned = store->prune(before, options.dry_run, [&](std::size_t seen) {
      progress.show(std::min(static_cast<double>(seen) / all, 1.0), fmt::format("{} attempts", seen));
    });
  }
  const json::Value document = json::object({{"schema", "jobmedic.pruned/1"},
                                             {"before", before},
                                             {"dry_run", options.dry_run},
                                             {"attempts", std::uint64_t{pruned.attempts}},
                                             {"remediations", std::uint64_t{pruned.remediations}},
                                             {"undated", std::uint64_t{pruned.undated}}});
  session.answer(json::write(document), [&] {
    const std::string undated =
        pruned.undated > 0 ? fmt::format("; {} without started_at stay", pruned.undated) : std::string();
    return fmt::format("{} attempts before {} and {} remediations of them {}{}\n", pruned.attempts, before,
                       pruned.remediations, options.dry_run ? "would be deleted" : "deleted", undated);
  });
}

void add_prune(CLI::App& history, Session& session) {
  const auto options = std::make_shared<PruneOptions>();
  CLI::App* command = session.command(history, "prune", "Delete attempts of before a day.", "");
  command->footer(pruning);
  add_store(command, options->store);
  CLI::Option* before = command->add_option("--before", options->before, "when those that stay began, RFC 3339");
  before->type_name("TIME");
  CLI::Option* age = command->add_option("--older-than", options->older_than_days, "the same, in days before now");
  age->type_name("DAYS")->check(CLI::Range(0.0, 36500.0))->excludes(before);
  command->add_flag("--dry-run", options->dry_run, "only say what would be deleted");
  session.on(command, [options, before, age, &session] {
    if (before->count() + age->count() == 0) throw CLI::RequiredError("--before or --older-than");
    prune(*options, session);
  });
}

}  // namespace

void add_history_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* history = Session::group(app, "history", "What the platform has lived through: its attempts.");
  CLI::App* import = session.command(*history, "import", "Put recorded attempts into the store; again is harmless.",
                                     "jobmedic history import attempts.jsonl --store sqlite:jobmedic.db");
  import->add_option("file", options->file, "JSON Lines: one jobmedic.attempt/1 a line; - is standard input")
      ->required()
      ->type_name("FILE.jsonl");
  add_store(import, options->store);
  add_secrets(import, options->secrets);
  session.on(import, [options, &session] { run(*options, session); });
  add_prune(*history, session);
}

}  // namespace jobmedic::cli
