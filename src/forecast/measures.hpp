#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "forecast/telemetry.hpp"
#include "json/value.hpp"

/// How good alerts are, by session: one kill is one kill, however many readings it has.
namespace jobmedic::forecast {

/// What a method said of one session's readings.
struct Said {
  const Trace* trace = nullptr;
  std::vector<double> score;
  std::vector<std::uint8_t> alert;
  std::uint32_t fold = 0;                ///< the one it was held out in
  std::vector<std::uint8_t> level = {};  ///< told, 0..4; empty: the method tells none
};

struct Measures {
  double kills_caught = 0;       ///< an alert within the five minutes before it
  double caught_in_time = 0;     ///< at least 60 seconds before it
  double readings_caught = 0;    ///< share of the readings within those five minutes that alert
  double average_precision = 0;  ///< area under the precision-recall curve of readings, as sums of steps
  double survivors_alerted = 0;  ///< share of the other sessions with any alert
  double alerts = 0;             ///< share of all readings
  [[nodiscard]] json::Value to_json() const;
};

/// How many readings of each level (the row) were told which (the column).
using LevelMatrix = std::array<std::array<std::uint64_t, 5>, 5>;
LevelMatrix levels_told(std::span<const Said> said);

/// How well levels told agree with the true ones.
struct LevelAgreement {
  double mean_absolute_error = 0;  ///< in levels
  double kappa = 0;  ///< weighted by squared distance (Cohen 1968): 1 all agree, 0 as by chance; 0 where none vary
  [[nodiscard]] json::Value to_json() const;
};
LevelAgreement agreement(const LevelMatrix& matrix);
/// Of the readings within five minutes of a kill that alerted: how well "when" is told, whatever else alerts.
LevelMatrix caught_only(LevelMatrix matrix);
/// Had each alert been told level 4.
LevelMatrix always_gravest(LevelMatrix matrix);

/// `times`: how often each session counts, as drawn by a bootstrap; empty: once.
Measures measure(std::span<const Said> said, std::span<const std::uint32_t> times = {});

/// Of `draws` resamples of the sessions, the share in which `ours` is better than `theirs` (equal: half), by measure.
struct Better {
  double kills_caught = 0, caught_in_time = 0, average_precision = 0, survivors_alerted = 0;
  [[nodiscard]] json::Value to_json() const;
};
Better paired_bootstrap(std::span<const Said> ours, std::span<const Said> theirs, std::uint32_t draws,
                        std::uint64_t seed);

/// By how much our average precision is above theirs: where 95 % of such resamples lie.
struct Gain {
  double low = 0, high = 0;
};
Gain precision_gain(std::span<const Said> ours, std::span<const Said> theirs, std::uint32_t draws, std::uint64_t seed);

}  // namespace jobmedic::forecast
