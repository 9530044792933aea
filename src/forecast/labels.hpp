#pragma once
#include <cmath>

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

/// What an answer says: an alert is at least level 1.
constexpr int level_told(bool alert, double seconds) {
  const int level = level_before_kill(seconds);
  return !alert ? 0 : level > 1 ? level : 1;
}

}  // namespace jobmedic::forecast
