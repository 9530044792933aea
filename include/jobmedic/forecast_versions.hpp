#pragma once
#include <filesystem>
#include <memory>

#include "jobmedic/forecast.hpp"
#include "jobmedic/store.hpp"
#include "jobmedic/train.hpp"

/// Forecast models in a store, beside those of recommend(): made, audited, put into service (promote_version()), taken
/// back (Store::rollback). A training that is killed leaves the version in service and the store as they were. Safe
/// from any number of threads and processes at once.
///
/// The audits of a new version. What is said of a session comes from a network that was not trained on it; resamples
/// are by session.
///  - better_than_serving: its average precision less that of the version in service, both by networks that never saw
///    the session. Passed: at least -0.02 (it is not worse; that it knows newer sessions is the gain), or the version
///    in service cannot be read. Failed: less, and surely below 0 (95 %). Undecided between, and where none is in
///    service.
///  - better_than_working_set: in which share of the resamples its average precision is above that of the working set
///    over the learned limit, which needs no model. Passed: half of them. Failed: 5 % at most.
///  - calibration: |log| of the urgent readings expected over those seen; at most 0.2.
///  - alert_budget: the share of readings that alert; at most 1.5 times the budget.
///  - latency: the median time of a reading; at most 5 microseconds.
///  - edge_inputs: answers that are no probability, level or time where readings are NaN, infinite or absurd; at most
///  0.
///
/// A version is served as blocking() in jobmedic/audit.hpp says.
namespace jobmedic::forecast {

/// As train_forecast(), and saves the version, which is served where its audits let it. Without `options.version` it is
/// named "forecast-2026-11-21.1": the first of the day that is not taken. `report`: jobmedic.forecast_training/1 with
/// "compared_with", "blocked_by" and "promoted"; "from" and "to" where the recording has started_at.
/// Throws Error: as train_forecast() and Store do; then nothing was saved.
TrainedVersion train_forecast_version(Store& store, const std::filesystem::path& traces, const DeviceTable& devices,
                                      ForecastTraining options = {}, const ServeOptions& serve = {});

/// The version in service, ready; it does not follow later ones.
/// Throws Error: store; model (damaged); invalid_argument (no forecast model is in service).
std::shared_ptr<const Forecaster> forecaster_in_service(const Store& store);

}  // namespace jobmedic::forecast
