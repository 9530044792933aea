// jobmedic history import: attempts, one per line, into the store.
#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/json_lines.hpp"
#include "cli/progress.hpp"
#include "cli/secret_options.hpp"
#include "cli/session.hpp"
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
}

}  // namespace jobmedic::cli
