// jobmedic forecast features: a recording as the model sees it.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/forecast_options.hpp"
#include "cli/session.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string traces, output;
  ForecastModel model;
};

}  // namespace

void add_forecast_features_command(CLI::App& group, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      group, "features", "The features of each reading of a recording, as a session that is watched would have them.",
      "jobmedic forecast features --traces traces.csv.gz --output features.csv");
  command->add_option("--traces", options->traces, "CSV of readings, see jobmedic forecast train --help")
      ->required()
      ->type_name("FILE");
  command->add_option("--output", options->output, "where to write them, as CSV")->required()->type_name("FILE");
  add_forecast_model(command, options->model);
  session.on(command, [options, &session] {
    const auto forecaster = read_forecaster(options->model);
    const std::uint64_t readings = forecast::write_features(options->traces, *forecaster, options->output);
    const std::size_t features = forecast::feature_names().size();
    session.answer(json::write(json::object({{"schema", "jobmedic.forecast_features/1"},
                                             {"model", forecaster->version()},
                                             {"readings", readings},
                                             {"features", std::uint64_t{features}}})),
                   [&] {
                     return fmt::format("{} features of {} readings are written to {}, by the limits of model {}.\n",
                                        features, readings, options->output, forecaster->version());
                   });
  });
}

}  // namespace jobmedic::cli
