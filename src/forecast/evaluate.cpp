// jobmedic.forecast_evaluation/1 from a contest.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/file.hpp"
#include "forecast/csv.hpp"
#include "forecast/evaluation.hpp"

namespace jobmedic::forecast {
namespace {

// For other methods to be judged by, on the same folds.
void write_scores(const std::filesystem::path& path, const std::vector<Contest>& methods) {
  std::string csv = "method,fold,session_id,reading,level,score,alert\n";
  for (const Contest& method : methods) {
    for (const Said& said : method.said) {
      for (std::size_t i = 0; i < said.score.size(); ++i) {
        csv += fmt::format("{},{},{},{},{},{:.9g},{}\n", method.method, said.fold, csv_field(said.trace->session), i,
                           said.trace->level(i), said.score[i], said.alert[i]);
      }
    }
  }
  write_file_atomically(path, csv, 0644);
}

json::Value level_agreement(const LevelMatrix& told) {
  const auto both = [](const LevelMatrix& matrix) {
    return json::object({{"caught", agreement(caught_only(matrix)).to_json()}, {"all", agreement(matrix).to_json()}});
  };
  return json::object({{"model", both(told)}, {"always 4", both(always_gravest(told))}});
}

}  // namespace

std::string evaluate_forecast(const std::filesystem::path& csv, const DeviceTable& devices,
                              const ForecastTraining& training, const ForecastEvaluation& options) {
  const std::vector<Trace> traces = read_traces(csv);
  std::optional<StoredForecast> stored;
  if (!options.model.empty()) stored.emplace(options.model, options.fold_models);
  const std::vector<Contest> methods =
      contest(traces, devices, training, options.folds, options.folds_played, stored ? &*stored : nullptr);
  if (!options.scores.empty()) write_scores(options.scores, methods);
  json::Object by_method, better_than;
  for (const Contest& method : methods) {
    by_method.emplace_back(method.method, measure(method.said).to_json());
    if (&method == &methods.front()) continue;
    better_than.emplace_back(
        method.method, paired_bootstrap(methods.front().said, method.said, options.bootstrap, training.seed).to_json());
  }
  const std::vector<Said>& judged = methods.front().said;
  const LevelMatrix told = levels_told(judged);
  json::Array levels;
  for (const auto& row : told) levels.emplace_back(json::Array(row.begin(), row.end()));
  const auto kills = std::count_if(judged.begin(), judged.end(), [](const Said& s) { return s.trace->killed; });
  return json::write(json::object({{"schema", "jobmedic.forecast_evaluation/1"},
                                   {"sessions", std::uint64_t{judged.size()}},
                                   {"kills", std::int64_t{kills}},
                                   {"folds", std::int64_t{options.folds}},
                                   {"folds_played", std::int64_t{std::min(options.folds, options.folds_played)}},
                                   {"alert_budget", training.alert_budget},
                                   {"seed", training.seed},
                                   {"version", stored ? json::Value(stored->version()) : json::Value()},
                                   {"methods", std::move(by_method)},
                                   {"levels", std::move(levels)},
                                   {"level_agreement", level_agreement(told)},
                                   {"model_better_than", std::move(better_than)}}));
}

}  // namespace jobmedic::forecast
