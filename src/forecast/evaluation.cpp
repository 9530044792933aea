#include "forecast/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/hash.hpp"
#include "core/random.hpp"
#include "forecast/csv.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::forecast {
namespace {

using Scores = std::vector<double>;

Scores random_scores(const Trace& trace, std::uint64_t seed) {
  Random random(hash64(trace.session, seed + 1));
  Scores scores(trace.readings.size());
  for (double& score : scores) score = random.uniform();
  return scores;
}

Said with_threshold(const Trace& trace, Scores scores, double threshold) {
  Said said{&trace, std::move(scores), {}, 0};
  for (const double score : said.score) said.alert.push_back(score > threshold ? 1 : 0);
  return said;
}

// Scores that need no training: their threshold is set on the sessions outside the fold.
template <typename Score>
void play(Contest& contest, std::span<const Trace* const> others, std::span<const Trace* const> mine, double budget,
          const Score& score) {
  Scores all;
  for (const Trace* trace : others) {
    const Scores scores = score(*trace);
    all.insert(all.end(), scores.begin(), scores.end());
  }
  const double threshold = threshold_for(std::move(all), budget);
  for (const Trace* trace : mine) contest.said.push_back(with_threshold(*trace, score(*trace), threshold));
}

void play_model(Contest& contest, std::span<const Trace* const> others, std::span<const Trace* const> mine,
                const DeviceTable& devices, const ForecastTraining& options) {
  const Committee committee = train_committee(others, devices, options);
  const Scorer scorer(committee.trained);
  for (const Trace* trace : mine) {
    Scores logits;
    const std::vector<Score> scores = scores_of(*trace, committee.trained, devices, scorer);
    for (const Score& score : scores) logits.push_back(score.logit);
    Said said = with_threshold(*trace, std::move(logits), committee.trained.threshold_logit);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const int level = level_told(said.alert[i] != 0, scores[i].seconds, committee.trained.level_cuts);
      said.level.push_back(static_cast<std::uint8_t>(level));
    }
    contest.said.push_back(std::move(said));
  }
}

}  // namespace

std::vector<Contest> contest(std::span<const Trace> traces, const DeviceTable& devices, const ForecastTraining& options,
                             std::uint32_t folds, std::uint32_t folds_played, const StoredForecast* stored) {
  if (folds < 2) throw Error(Status::invalid_argument, "folds: at least 2");
  std::vector<const Trace*> all;
  for (const Trace& trace : traces) all.push_back(&trace);
  const std::vector<std::uint32_t> fold_of = deal(all, folds, options.seed + 1);
  std::vector<Contest> methods = {{"model", {}}, {"working set", {}}, {"usage", {}}, {"random", {}}};
  folds_played = std::min(folds, folds_played);
  for (std::uint32_t fold = 0; fold < folds_played; ++fold) {
    std::vector<const Trace*> others, mine;
    for (std::size_t i = 0; i < all.size(); ++i) (fold_of[i] == fold ? mine : others).push_back(all[i]);
    ForecastTraining one = options;
    if (options.progress) {
      one.progress = [&](double done, std::string_view what) {
        options.progress((fold + done) / folds_played, fmt::format("fold {} of {}, {}", fold + 1, folds_played, what));
      };
    }
    const std::size_t before = methods[0].said.size();
    if (stored == nullptr) play_model(methods[0], others, mine, devices, one);
    if (stored != nullptr) {
      for (const Trace* trace : mine) methods[0].said.push_back(stored->judge(*trace));
    }
    const LearnedLimits limits(others, devices);
    const auto by = [&](Feature feature) {
      return [&, feature](const Trace& trace) { return course_of(feature, trace, limits, devices); };
    };
    play(methods[1], others, mine, options.alert_budget, by(Feature::share));
    play(methods[2], others, mine, options.alert_budget, by(Feature::usage_share));
    play(methods[3], others, mine, options.alert_budget,
         [&](const Trace& trace) { return random_scores(trace, options.seed); });
    for (Contest& method : methods) {
      for (std::size_t i = before; i < method.said.size(); ++i) method.said[i].fold = fold;
    }
  }
  return methods;
}

}  // namespace jobmedic::forecast
