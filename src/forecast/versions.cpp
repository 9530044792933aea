#include <fmt/format.h>

#include <algorithm>

#include "core/time.hpp"
#include "forecast/audited_training.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/forecast_versions.hpp"

namespace jobmedic::forecast {
namespace {

std::string next_version(const Store& store) {
  const std::string day = format_time(now()).substr(0, 10);
  const std::vector<ModelVersion> taken = store.models();
  for (int number = 1;; ++number) {
    std::string version = fmt::format("forecast-{}.{}", day, number);
    const bool free = std::none_of(taken.begin(), taken.end(), [&](const auto& m) { return m.version == version; });
    if (free) return version;
  }
}

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

std::string report_of(const Store& store, const std::string& version) {
  for (const ModelVersion& model : store.models()) {
    if (model.version == version) return model.report;
  }
  return "";
}

}  // namespace

TrainedVersion train_forecast_version(Store& store, const std::filesystem::path& traces, const DeviceTable& devices,
                                      ForecastTraining options, const ServeOptions& serve) {
  if (options.version.empty()) options.version = next_version(store);
  const Serving serving = serving_in(store);
  AuditedTraining made = audited_training(traces, devices, options, &serving);
  TrainedVersion out;
  out.blocked_by = blocking(json::write(made.report), report_of(store, serving.version));
  made.report.emplace_back("compared_with", serving.version.empty() ? json::Value() : json::Value(serving.version));
  made.report.emplace_back("blocked_by", json::Array(out.blocked_by.begin(), out.blocked_by.end()));
  if (options.progress) options.progress(1, "saving");  // the last chance to cancel
  out.version = {options.version, format_time(now()),      json::write(made.report),
                 false,           made.safetensors.size(), ModelKind::forecast};
  store.put_model(out.version, made.safetensors, made.folds);
  if (serve.promote && out.blocked_by.empty()) {
    out.promoted = store.promote({options.version, "", "trained", serve.by, "its audits let it"}, serving.version);
  }
  out.version.serving = out.promoted;
  made.report.emplace_back("promoted", out.promoted);
  out.version.report = json::write(made.report);
  return out;
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
