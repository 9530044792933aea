#include "recommend/audit/versions.hpp"

#include <fmt/format.h>

#include <utility>

#include "forecast/audited_training.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/forecast_versions.hpp"

namespace jobmedic::forecast {
namespace {

Serving serving_in(const Store& store) {
  Serving serving;
  serving.version = store.serving_version(ModelKind::forecast);
  if (serving.version.empty()) return serving;
  std::string weights;
  try {
    weights = store.model(serving.version).value_or("");
    static_cast<void>(StoredForecast(weights, {}));
  } catch (const Error& error) {
    serving.problem = fmt::format("{} cannot be read: {}", serving.version, error.what());
    serving.unusable = true;
    return serving;
  }
  try {
    serving.model.emplace(weights, store.fold_models(serving.version));
    if (serving.model->has_folds()) return serving;
    serving.problem = fmt::format("{} has no networks to compare with", serving.version);
  } catch (const Error& error) {
    serving.problem = fmt::format("the networks of {} cannot be read: {}", serving.version, error.what());
  }
  serving.model.reset();
  return serving;
}

}  // namespace

TrainedVersion train_forecast_version(Store& store, const std::filesystem::path& traces, const DeviceTable& devices,
                                      ForecastTraining options, const ServeOptions& serve) {
  if (options.version.empty()) options.version = audits::next_version(store, "forecast-");
  const Serving serving = serving_in(store);
  AuditedTraining made = audited_training(traces, devices, options, &serving);
  made.report.emplace_back("compared_with", serving.version.empty() ? json::Value() : json::Value(serving.version));
  if (options.progress) options.progress(1, "saving");  // the last chance to cancel
  return audits::keep_version(store,
                              {options.version, ModelKind::forecast, std::move(made.safetensors), std::move(made.folds),
                               std::move(made.report)},
                              serving.version, serve);
}

std::shared_ptr<const Forecaster> forecaster_in_service(const Store& store) {
  const auto stored = store.serving_model(ModelKind::forecast);
  if (!stored) {
    throw Error(Status::invalid_argument,
                fmt::format("store {} has no forecast model in service: jobmedic forecast train --store makes one",
                            store.url()));
  }
  try {
    return Forecaster::parse(stored->safetensors);
  } catch (const Error& error) {
    throw error.within(fmt::format("store {}: model \"{}\"", store.url(), stored->version));
  }
}

}  // namespace jobmedic::forecast
