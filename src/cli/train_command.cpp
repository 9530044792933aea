// jobmedic train: a new model version from the store's history, in service where its audits let it.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/models_page.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "core/text.hpp"
#include "jobmedic/train.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string engine = "spark";
  std::string space;
  std::uint64_t seed = 0;
  std::string version;
  int max_epochs = TrainingOptions().max_epochs;
  bool no_promote = false;
};

std::string page_of(const TrainedVersion& made, const Options& options) {
  Page page;
  const std::string& name = made.version.version;
  if (made.promoted) {
    page.line(fmt::format("Model {} is trained and in service.", name), Tone::good);
  } else if (!made.blocked_by.empty()) {
    page.line(fmt::format("Model {} is trained, but not in service: {} {} it out.", name, join(made.blocked_by, ", "),
                          made.blocked_by.size() == 1 ? "keeps" : "keep"),
              Tone::bad);
  } else {
    page.line(fmt::format("Model {} is trained, but not in service: {}.", name,
                          options.no_promote ? "as asked" : "another was promoted meanwhile"));
  }
  add_report(page, made.version.report);
  return page.str();
}

void run(const Options& options, Session& session) {
  const Space space = read_space(options.space, options.engine);
  const std::unique_ptr<Store> store = existing_store(options.store);
  TrainingOptions training;
  training.version = options.version;
  training.seed = options.seed;
  training.max_epochs = options.max_epochs;
  TrainedVersion made;
  {
    Progress progress;
    training.progress = [&](double done, std::string_view what) { progress.show(done, what); };
    made = train_version(*store, space, std::move(training), {!options.no_promote, ""});
  }
  session.answer(made.version.report, [&] { return page_of(made, options); });
  if (!made.blocked_by.empty()) session.set_exit_code(1);
}

}  // namespace

void add_train_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      app, "train",
      "Learn from the store's history which retries fail, and what they cost. The new version is audited, and served "
      "where nothing failed and nothing is undecided that the version in service had passed; else it stays in the "
      "store "
      "(jobmedic models) and the exit code is 1.",
      "jobmedic train --store sqlite:jobmedic.db --seed 1");
  add_store(command, options->store);
  command->add_option("--seed", options->seed, "the same history and seed give the same model")
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--max-epochs", options->max_epochs, "how often it goes through the examples at most")
      ->capture_default_str()
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command->add_option("--engine", options->engine, "whose configuration is learned")->capture_default_str();
  command->add_option("--space", options->space, "what may be changed (default: the engine's own)")->type_name("FILE");
  command->add_option("--model-version", options->version, "the new version's name (default: date and number)");
  command->add_flag("--no-promote", options->no_promote, "leave it out of service: jobmedic models promote does that");
  session.on(command, [options, &session] { run(*options, session); });
}

}  // namespace jobmedic::cli
