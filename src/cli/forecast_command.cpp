// jobmedic forecast curate|evaluate|analyse: from telemetry to what can be foretold.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/forecast_options.hpp"
#include "cli/forecast_page.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "core/file.hpp"
#include "jobmedic/forecast_versions.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

using namespace forecast;

struct CurateOptions {
  std::string raw, secondary, keys, truth, policy, output;
};

struct EvaluateOptions {
  ForecastData data;
  ForecastEvaluation evaluation;
  std::string scores, sessions, store, version;
};

// The version that is asked for, or the one in service, with the networks that never saw some sessions.
void take_from_store(const EvaluateOptions& options, ForecastEvaluation& evaluation) {
  const auto store = existing_store(options.store, true);
  const std::string version = options.version.empty() ? store->serving_version(ModelKind::forecast) : options.version;
  const auto model = version.empty() ? std::nullopt : store->model(version);
  if (!model) {
    throw Error(Status::invalid_argument,
                version.empty()
                    ? fmt::format("{} has no forecast model in service: name a version", options.store)
                    : fmt::format("{} has no model \"{}\": see jobmedic models list", options.store, version));
  }
  evaluation.model = *model;
  evaluation.fold_models = store->fold_models(version);
}

void curate_devices(const CurateOptions& options, const Session& session) {
  CurationInput input{options.raw, options.secondary, options.keys, options.truth, ""};
  if (!options.policy.empty()) input.policy = read_text(options.policy);
  const Curation curation =
      read_as(options.policy.empty() ? "-" : options.policy, [&](const std::string&) { return curate(input); });
  if (!options.output.empty()) write_file_atomically(options.output, curation.table, 0644);
  session.answer(curation.report, [&] { return curation_page(curation.report); });
}

template <typename Ask>
std::string with_progress(EvaluateOptions options, const Ask& ask) {
  Progress progress;
  options.data.training.progress = [&](double done, std::string_view what) { progress.show(done, what); };
  options.evaluation.scores = options.scores;
  if (!options.store.empty()) take_from_store(options, options.evaluation);
  return ask(options);
}

void add_evaluation(CLI::App* command, EvaluateOptions& options) {
  add_forecast_data(command, options.data);
  command->add_option("--folds", options.evaluation.folds, "the sessions are dealt into so many")
      ->capture_default_str()
      ->check(CLI::Range(2, 100));
  command->add_option("--play", options.evaluation.folds_played, "of these only the first so many, for a quick look")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
}

void add_curate(CLI::App& group, jobmedic::cli::Session& session) {
  const auto options = std::make_shared<CurateOptions>();
  CLI::App* command =
      session.command(group, "curate", "One clean table of device characteristics from a lake of contradictory rows.",
                      "jobmedic forecast curate --raw lake.csv --secondary buffers.csv --output devices.csv");
  command->add_option("--raw", options->raw, "CSV: device_type, sdk_version and characteristics; may be compressed")
      ->required()
      ->type_name("FILE");
  command->add_option("--secondary", options->secondary, "CSV with the same key, asked where a value is missing")
      ->type_name("FILE");
  command->add_option("--keys", options->keys, "CSV with the same key: only its devices (sessions will do)")
      ->type_name("FILE");
  command->add_option("--truth", options->truth, "CSV of the right answer: every difference is told")
      ->type_name("FILE");
  command->add_option("--policy", options->policy, "jobmedic.curation/1 in place of the shipped rules")
      ->type_name("FILE");
  command->add_option("--output", options->output, "where to write the table, as CSV")->type_name("FILE");
  session.on(command, [options, &session] { curate_devices(*options, session); });
}

void add_evaluate(CLI::App& group, jobmedic::cli::Session& session) {
  const auto options = std::make_shared<EvaluateOptions>();
  CLI::App* command =
      session.command(group, "evaluate",
                      "How many kills are foretold, each session judged by a model that never saw it; beside random "
                      "alerts and what needs no model.",
                      "jobmedic forecast evaluate --traces traces.csv.gz --devices devices.csv");
  add_evaluation(command, *options);
  command->add_option("--bootstrap", options->evaluation.bootstrap, "resamples of the sessions, for the comparison")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
  CLI::Option* store = add_optional_store(command, options->store, "judge a version in it, not newly trained ones");
  command->add_option("--model-version", options->version, "which (default: the one in service)")->needs(store);
  command->add_option("--scores", options->scores, "where to write every score, as CSV, to judge other methods by")
      ->type_name("FILE");
  session.on(command, [options, &session] {
    const std::string document = with_progress(*options, [](const EvaluateOptions& all) {
      return evaluate_forecast(all.data.traces, read_devices(all.data.devices), all.data.training, all.evaluation);
    });
    session.answer(document, [&] { return evaluation_page(document); });
  });
}

void add_analyse(CLI::App& group, jobmedic::cli::Session& session) {
  const auto options = std::make_shared<EvaluateOptions>();
  CLI::App* command = session.command(
      group, "analyse",
      "What recorded sessions say of their kills: when they peak by device type, which look like "
      "ordinary crashes, what came from outside the application, and the confusion matrix at the alert budget.",
      "jobmedic forecast analyse --traces traces.csv.gz --devices devices.csv --sessions sessions.csv");
  add_evaluation(command, *options);
  command->add_option("--sessions", options->sessions, "CSV with session_id and has_neighbour, where that is known")
      ->type_name("FILE");
  session.on(command, [options, &session] {
    const std::string document = with_progress(*options, [](const EvaluateOptions& all) {
      return analyse_forecast(all.data.traces, all.sessions, read_devices(all.data.devices), all.data.training,
                              all.evaluation);
    });
    session.answer(document, [&] { return analysis_page(document); });
  });
}

}  // namespace

void add_forecast_data(CLI::App* command, ForecastData& data) {
  command
      ->add_option("--traces", data.traces,
                   "CSV of readings, a session's rows together: session_id, device_type, sdk_version, t_s, and of "
                   "nav_level, rss_kb, pss_anon_kb, rss_shared_kb, vsz_kb, minflt, majflt, cpu_ticks, threads, "
                   "cg_usage_kb, cg_cache_kb, cg_anon_kb, cg_pgmajfault, cg_failcnt what is known; killed, kill_t_s")
      ->required()
      ->type_name("FILE");
  command->add_option("--devices", data.devices, "the curated table, see jobmedic forecast curate")
      ->required()
      ->type_name("FILE");
  command->add_option("--seed", data.training.seed, "the same sessions and seed give the same answer")
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--epochs", data.training.epochs, "how often training goes through the readings")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_option("--budget", data.training.alert_budget, "share of the readings that may alert")
      ->capture_default_str()
      ->check(CLI::Range(0.0001, 0.5));
}

DeviceTable read_devices(const std::string& path) {
  return read_as(path, [](const std::string& text) { return DeviceTable::parse(text); });
}

void add_forecast_model(CLI::App* command, ForecastModel& model) {
  CLI::Option* file =
      command->add_option("--model", model.file, "see jobmedic forecast train (default: the shipped one)")
          ->type_name("FILE");
  add_optional_store(command, model.store, "by the version in service there as this begins")->excludes(file);
}

std::shared_ptr<const Forecaster> read_forecaster(const ForecastModel& model) {
  if (!model.store.empty()) return forecaster_in_service(*existing_store(model.store, true));
  return model.file.empty() ? Forecaster::shipped() : read_as(model.file, &Forecaster::parse);
}

void add_forecast_command(CLI::App& app, Session& session) {
  CLI::App* group = Session::group(app, "forecast", "Warn before a process is killed for its memory.");
  add_curate(*group, session);
  add_forecast_features_command(*group, session);
  add_forecast_train_command(*group, session);
  add_evaluate(*group, session);
  add_analyse(*group, session);
  add_forecast_watch_command(*group, session);
}

}  // namespace jobmedic::cli
