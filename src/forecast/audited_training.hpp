#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "forecast/audits.hpp"
#include "json/value.hpp"

/// A training with its audits and its report, as a file or as a version of a store.
namespace jobmedic::forecast {

struct AuditedTraining {
  std::string safetensors;
  std::vector<std::string> folds;  ///< each network alone, with the sessions that it never saw
  json::Object report;             ///< jobmedic.forecast_training/1 without "blocked_by"
};

AuditedTraining audited_training(const std::filesystem::path& traces, const DeviceTable& devices,
                                 const ForecastTraining& options, const Serving* serving);

}  // namespace jobmedic::forecast
