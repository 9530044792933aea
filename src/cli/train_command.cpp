// jobmedic train: a new model version from the store's history, in service at once.
#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/page.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "jobmedic/train.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string engine = "spark";
  std::string space;
  std::uint64_t seed = 0;
  std::string version;
};

using Rows = std::vector<std::vector<std::string>>;

// The report's figures, whichever they are: nested ones below their name.
void add_figures(Rows& rows, const json::Value& value, const std::string& name) {
  if (const auto* members = value.as<json::Object>()) {
    for (const auto& [inner, figure] : *members) add_figures(rows, figure, name.empty() ? inner : name + " " + inner);
    return;
  }
  if (value.is_null() || value.as<json::Array>() != nullptr) return;
  std::string words = name;
  std::replace(words.begin(), words.end(), '_', ' ');
  const auto* text = value.as<std::string>();
  const auto* real = value.as<double>();
  rows.push_back({words, text != nullptr   ? *text
                         : real != nullptr ? fmt::format("{:.4g}", *real)
                                           : json::write(value)});
}

std::string report_page(const std::string& version, const std::string& report) {
  Rows rows;
  add_figures(rows, json::parse(report), "");
  Page page;
  return page.line(fmt::format("Model {} is trained and in service.", version), Tone::good).table(rows, false).str();
}

void run(const Options& options, const Session& session) {
  const Space space = read_space(options.space, options.engine);
  const std::unique_ptr<Store> store = existing_store(options.store);
  Progress progress;
  TrainingOptions training;
  training.version = options.version;
  training.seed = options.seed;
  training.progress = [&](double done, std::string_view what) { progress.show(done, what); };
  const ModelVersion trained = train_and_serve(*store, space, std::move(training));
  session.answer(trained.report, [&] { return report_page(trained.version, trained.report); });
}

}  // namespace

void add_train_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      session.command(app, "train", "Learn from the store's history which retries fail, and what they cost.",
                      "jobmedic train --store sqlite:jobmedic.db --seed 1");
  add_store(command, options->store);
  command->add_option("--seed", options->seed, "the same history and seed give the same model")
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--engine", options->engine, "whose configuration is learned")->capture_default_str();
  command->add_option("--space", options->space, "what may be changed (default: the engine's own)")->type_name("FILE");
  command->add_option("--model-version", options->version, "the new version's name (default: date and number)");
  session.on(command, [options, &session] { run(*options, session); });
}

}  // namespace jobmedic::cli
