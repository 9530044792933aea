#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "jobmedic/forecast.hpp"

/// What the commands below "forecast" share, and who adds them.
namespace jobmedic::cli {

class Session;
void add_forecast_command(CLI::App& app, Session& session);
void add_forecast_features_command(CLI::App& forecast, Session& session);
void add_forecast_train_command(CLI::App& forecast, Session& session);
void add_forecast_watch_command(CLI::App& forecast, Session& session);  // in the group that add_forecast_command makes

struct ForecastData {
  std::string traces, devices;
  forecast::ForecastTraining training;
};

/// --traces, --devices, --seed, --epochs and --budget.
void add_forecast_data(CLI::App* command, ForecastData& data);
forecast::DeviceTable read_devices(const std::string& path);

/// --model FILE, or --store URL: the version in service there; neither: the shipped one.
struct ForecastModel {
  std::string file, store;
};
void add_forecast_model(CLI::App* command, ForecastModel& model);
std::shared_ptr<const forecast::Forecaster> read_forecaster(const ForecastModel& model);

}  // namespace jobmedic::cli
