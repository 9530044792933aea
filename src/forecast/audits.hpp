#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "forecast/measures.hpp"
#include "forecast/stored_forecast.hpp"
#include "forecast/training.hpp"
#include "jobmedic/audit.hpp"

/// The audits of jobmedic/forecast_versions.hpp.
namespace jobmedic::forecast {

/// The version in service, if there is one.
struct Serving {
  std::string version;                  ///< empty: none
  std::optional<StoredForecast> model;  ///< none: it cannot be compared with
  std::string problem;                  ///< why not
  bool unusable = false;                ///< it cannot be served either
};

/// A finished training, and what its networks say of the sessions they never saw, with the threshold as served.
struct Finished {
  std::span<const Trace* const> traces;
  const DeviceTable& devices;
  const ForecastTraining& options;
  const Committee& committee;
  std::vector<Said> held_out;
};

std::vector<Said> held_out(std::span<const Trace* const> traces, const Committee& committee);

/// In the order of the header. Without `serving` the first one is left out: nothing is asked of a file's forerunner.
std::vector<Audit> audits_of(const Finished& finished, const Forecaster& forecaster, const Serving* serving);

}  // namespace jobmedic::forecast
