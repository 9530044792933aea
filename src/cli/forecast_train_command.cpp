// jobmedic forecast train: from recorded sessions to a version in a store, or a file.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/forecast_options.hpp"
#include "cli/forecast_page.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "jobmedic/forecast_versions.hpp"

namespace jobmedic::cli {
namespace {

using namespace forecast;

struct Options {
  ForecastData data;
  std::string store, output;
  bool force = false, no_promote = false;
};

template <typename Train>
auto with_progress(const Options& options, const Train& train) {
  Progress progress;
  ForecastTraining training = options.data.training;
  training.progress = [&](double done, std::string_view what) { progress.show(done, what); };
  return train(training);
}

void into_file(const Options& options, jobmedic::cli::Session& session) {
  const DeviceTable devices = read_devices(options.data.devices);
  const TrainedForecastFile made = with_progress(options, [&](ForecastTraining& training) {
    if (training.version.empty()) training.version = "forecast-" + format_time(now()).substr(0, 10);
    return train_forecast(options.data.traces, devices, training);
  });
  const bool kept = made.blocked_by.empty() || options.force;
  if (kept) write_file_atomically(options.output, made.safetensors, 0644);
  session.answer(made.report, [&] {
    const std::string outcome = kept ? "written to " + options.output : "kept out by its audits, and was not written";
    return training_page(made.report, outcome, kept);
  });
  if (!kept) session.set_exit_code(1);
}

std::string outcome_of(const TrainedVersion& made, const Options& options) {
  if (made.promoted) return "in service";
  if (!made.blocked_by.empty()) return "in the store, but not in service: kept out by " + join(made.blocked_by, ", ");
  return options.no_promote ? "in the store, but not in service: as asked"
                            : "in the store, but not in service: another was promoted meanwhile";
}

void into_store(const Options& options, jobmedic::cli::Session& session) {
  const DeviceTable devices = read_devices(options.data.devices);
  const std::unique_ptr<Store> store = Store::open(options.store);
  const TrainedVersion made = with_progress(options, [&](const ForecastTraining& training) {
    return train_forecast_version(*store, options.data.traces, devices, training,
                                  {!options.no_promote, "jobmedic forecast train"});
  });
  const std::string& report = made.version.report;
  session.answer(report, [&] { return training_page(report, outcome_of(made, options), made.blocked_by.empty()); });
  if (!made.blocked_by.empty()) session.set_exit_code(1);
}

}  // namespace

void add_forecast_train_command(CLI::App& group, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      group, "train",
      "Learn from recorded sessions who is about to be killed. The model is audited, and put into service in the store "
      "(see jobmedic models), or written, where its audits let it; else the exit code is 1.",
      "jobmedic forecast train --traces traces.csv.gz --devices devices.csv --store sqlite:jobmedic.db");
  add_forecast_data(command, options->data);
  CLI::Option* store = add_optional_store(command, options->store, "where the version is kept; is made if it is new");
  CLI::Option* output =
      command->add_option("--output", options->output, "write it to a file, in place of a store")->type_name("FILE");
  store->excludes(output);
  command->add_option("--model-version", options->data.training.version, "its name (default: forecast-DATE)");
  command->add_flag("--force", options->force, "write the file against its audits")->needs(output);
  command->add_flag("--no-promote", options->no_promote, "leave it out of service: jobmedic models promote does that")
      ->needs(store);
  session.on(command, [options, &session] {
    if (options->store.empty() == options->output.empty()) {
      throw Error(Status::invalid_argument, "where shall the model go? --store URL or --output FILE");
    }
    options->store.empty() ? into_file(*options, session) : into_store(*options, session);
  });
}

}  // namespace jobmedic::cli
