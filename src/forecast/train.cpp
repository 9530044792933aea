// A training with its audits: what a new forecast must show before it is served.
#include <algorithm>

#include "core/hash.hpp"
#include "forecast/audited_training.hpp"
#include "jobmedic/audit.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::forecast {
namespace {

constexpr double seconds_per_hour = 3600;

/// What a recording has in it.
struct Recording {
  std::uint64_t sessions = 0, kills = 0, readings = 0;
  double hours = 0;
  std::string from, to;  ///< of the sessions' begins; empty: the recording does not tell

  explicit Recording(const std::vector<Trace>& traces) : sessions(traces.size()) {
    for (const Trace& trace : traces) {
      kills += trace.killed ? 1 : 0;
      readings += trace.readings.size();
      if (trace.readings.size() > 1) {
        hours += std::max(trace.readings.back().time_s - trace.readings.front().time_s, 0.0) / seconds_per_hour;
      }
      if (trace.started_at.empty()) continue;
      if (from.empty() || trace.started_at < from) from = trace.started_at;
      to = std::max(to, trace.started_at);
    }
  }
};

json::Value text_or_null(const std::string& text) {
  return text.empty() ? json::Value() : json::Value(text);
}

std::vector<std::string> folds_of(const std::vector<Trace>& traces, const Committee& committee) {
  std::vector<std::string> folds;
  for (std::size_t part = 0; part < committee.trained.networks.size(); ++part) {
    TrainedForecast alone = committee.trained;
    alone.networks = {committee.trained.networks[part]};
    for (std::size_t t = 0; t < traces.size(); ++t) {
      if (committee.part_of[t] == part) alone.held_out.push_back(hash64(traces[t].session));
    }
    folds.push_back(alone.to_safetensors());
  }
  return folds;
}

}  // namespace

AuditedTraining audited_training(const std::filesystem::path& csv, const DeviceTable& devices,
                                 const ForecastTraining& options, const Serving* serving) {
  const std::vector<Trace> traces = read_traces(csv);
  std::vector<const Trace*> all;
  all.reserve(traces.size());
  for (const Trace& trace : traces) all.push_back(&trace);
  const Committee committee = train_committee(all, devices, options);
  AuditedTraining made;
  made.safetensors = committee.trained.to_safetensors();
  made.folds = folds_of(traces, committee);
  const auto forecaster = Forecaster::parse(made.safetensors);
  const Finished finished{all, devices, options, committee, held_out(all, committee)};
  json::Array audits;
  for (const Audit& audit : audits_of(finished, *forecaster, serving)) audits.push_back(json::parse(audit.to_json()));
  const Recording recording(traces);
  made.report = {{"schema", "jobmedic.forecast_training/1"},
                 {"version", options.version},
                 {"from", text_or_null(recording.from)},
                 {"to", text_or_null(recording.to)},
                 {"sessions", recording.sessions},
                 {"kills", recording.kills},
                 {"readings", recording.readings},
                 {"hours", recording.hours},
                 {"networks", std::uint64_t{committee.trained.networks.size()}},
                 {"inputs", std::uint64_t{committee.trained.inputs.size()}},
                 {"alert_budget", options.alert_budget},
                 {"held_out", measure(finished.held_out).to_json()},
                 {"calibration", committee.trained.calibration.to_json()},
                 {"audits", std::move(audits)}};
  return made;
}

TrainedForecastFile train_forecast(const std::filesystem::path& csv, const DeviceTable& devices,
                                   const ForecastTraining& options) {
  AuditedTraining made = audited_training(csv, devices, options, nullptr);
  TrainedForecastFile file;
  file.safetensors = std::move(made.safetensors);
  file.blocked_by = blocking(json::write(made.report), "");
  made.report.emplace_back("blocked_by", json::Array(file.blocked_by.begin(), file.blocked_by.end()));
  file.report = json::write(made.report);
  return file;
}

}  // namespace jobmedic::forecast
