#pragma once
#include <array>

/// How urgent a moment was, seen from after the kill.
namespace jobmedic::forecast {

constexpr double alarm_window_s = 300;  ///< an alert within it catches the kill

/// 4: at most 2 minutes before the kill, 3: 3 minutes, 2: 4, 1: 5; 0: more, or there was none (NaN).
constexpr int level_before_kill(double seconds) {
  if (!(seconds >= 0 && seconds <= alarm_window_s)) return 0;
  constexpr int urgent = 4;
  for (int level = urgent; level > 1; --level) {
    if (seconds <= 120 + 60 * (urgent - level)) return level;
  }
  return 1;
}

/// Up to how many predicted seconds which level is told, the gravest first; ascending. As they stand here predictions
/// are taken at their word; training sets them by quantiles, since predictions of rare kills run early or late.
struct LevelCuts {
  std::array<double, 3> seconds = {120, 180, 240};  ///< of levels 4, 3 and 2
};

/// What an answer says: an alert is at least level 1.
constexpr int level_told(bool alert, double seconds, const LevelCuts& cuts) {
  if (!alert) return 0;
  int level = 4;
  for (const double most : cuts.seconds) {
    if (seconds <= most) return level;
    --level;
  }
  return level;
}

}  // namespace jobmedic::forecast
