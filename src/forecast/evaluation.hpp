#pragma once
#include <span>
#include <string>
#include <vector>

#include "forecast/measures.hpp"
#include "forecast/stored_forecast.hpp"
#include "forecast/training.hpp"

/// Each session judged by a committee that saw nothing of its fold, nor learned its limits, threshold or calibration
/// from it.
namespace jobmedic::forecast {

/// A method's answers, in the order of the traces.
struct Contest {
  std::string method;
  std::vector<Said> said;
};

/// "model" (or, where `stored` is given, that version as it is), and what needs no training beyond learned limits:
/// "usage", "working set", each over the learned limit, and "random". The first `folds_played` folds only, for a quick
/// look: said of the other sessions is then left out.
std::vector<Contest> contest(std::span<const Trace> traces, const DeviceTable& devices, const ForecastTraining& options,
                             std::uint32_t folds, std::uint32_t folds_played, const StoredForecast* stored = nullptr);

}  // namespace jobmedic::forecast
