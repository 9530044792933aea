#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "forecast/scorer.hpp"
#include "forecast/telemetry.hpp"
#include "forecast/trained.hpp"
#include "jobmedic/forecast.hpp"

/// From recorded sessions to a committee of networks: the training, calibration and torch module of recommend().
namespace jobmedic::forecast {

/// Dealt by session, so that each part has its share of kills. The same seed deals the same way, whatever the order.
std::vector<std::uint32_t> deal(std::span<const Trace* const> traces, std::uint32_t parts, std::uint64_t seed);

/// Each network was trained without one part, and judged it: by that threshold and calibration are set, so both hold
/// for sessions never seen, and no session is kept from training.
struct Committee {
  TrainedForecast trained;
  std::vector<std::uint32_t> part_of;        ///< by trace
  std::vector<std::vector<Score>> held_out;  ///< by trace and reading, by the network that never saw it
};

/// All readings of a session, in order; one that is not accepted keeps the score before it.
std::vector<Score> scores_of(const Trace& trace, const TrainedForecast& trained, const DeviceTable& devices,
                             const Scorer& scorer);

/// One feature after each reading of a session; 0 where it is not known.
std::vector<double> course_of(Feature feature, const Trace& trace, const LearnedLimits& limits,
                              const DeviceTable& devices);

/// Above it are at most `budget` of the scores.
double threshold_for(std::vector<double> scores, double budget);

/// A reading that alerted and was followed by a kill: what was predicted, and the level that was true, 1..4.
struct Foretold {
  double seconds = 0;
  int level = 1;
};

/// By quantile matching: of these readings, each level is told as often as it was true. Ties may tell it more often.
LevelCuts level_cuts_for(std::span<const Foretold> foretold);

/// Throws Error: model (nothing to learn from, no torch module); what `progress` throws passes through.
Committee train_committee(std::span<const Trace* const> traces, const DeviceTable& devices,
                          const ForecastTraining& options);

}  // namespace jobmedic::forecast
