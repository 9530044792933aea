#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "jobmedic/forecast.hpp"

/// What the network sees of a session, one reading at a time. Training, evaluation and watch all go through this one
/// class, so offline and online features are equal to the last bit.
namespace jobmedic::forecast {

/// What is believed of the limit a session lives under before its first reading.
struct LimitBelief {
  double bytes = unknown;    ///< NaN: nothing is known; then nothing but growth tells
  double deviation = 0.05;   ///< of the true limit around it, as a share
  double nominal = unknown;  ///< what was promised; NaN as above
  std::uint8_t known = 0;    ///< 1: the limit itself was read, not learned; no bool: see Session
};

enum class Feature : std::uint8_t {
  share,          // working set / limit
  recent_share,   // mean of the last three
  high_share,     // highest of the last four
  usage_share,    // with cache
  headroom,       // log of what is left
  sureness,       // headroom in deviations of the limit
  lead_sureness,  // the same where growth goes on for a minute
  touched,        // has the limit been hit, or is it known?
  deviation,      // of the believed limit
  bias,           // limit / nominal
  above_minute,   // working set less its running mean of a minute, / limit
  above_minutes,  // of five minutes
  restlessness,   // deviation around the latter
  slope_short,    // limits per minute, of the last four readings
  slope_medium,   // eight
  slope_long,     // sixteen
  time_short,     // log seconds to the limit at that slope
  time_medium,
  time_long,
  next_minute,  // share after a minute at the medium slope
  highest,      // highest working set so far / limit
  lowest,
  highest_usage,
  since_highest,  // minutes
  hits,           // log of the times the limit was hit
  hit_rate,       // a decaying count, minutes
  since_hit,      // minutes, at most 60
  cache,          // / limit
  cache_lost,     // cache less its running mean of two minutes, / limit
  own,            // the application's own memory / limit
  outside,        // the rest of the working set
  outside_above,  // outside less its running mean of two minutes
  own_above,
  minor_rate,  // log of minor faults a second
  major_rate,
  group_major_rate,
  cpu_rate,
  navigation,
  navigation_time,  // minutes in this level
  age,              // minutes
  threads,
  unmapped,   // virtual less resident memory / limit
  jump,       // the largest rise between two readings so far, / limit
  jump_room,  // headroom in such jumps
  count
};
constexpr std::size_t feature_count = static_cast<std::size_t>(Feature::count);
using FeatureVector = std::array<float, feature_count>;  // NaN: not known

/// "share", "recent_share", ...
std::string_view feature_name(std::size_t feature);

enum class Accepted : std::uint8_t {
  yes,
  no_time,    ///< the time is no number
  no_memory,  ///< no figure of memory is known
  late,       ///< not later than the last one: out of order, or a duplicate
};

/// What is remembered of a session. Plain bytes: it may be copied, stored and sent.
class FeatureState {
 public:
  FeatureState() = default;
  explicit FeatureState(const LimitBelief& limit) : limit_(limit) {}

  /// Takes a reading. One that is not accepted changes nothing, but for the count of late ones: the third in a row
  /// that is more than a gap late means that the clock was set back, and averages begin anew from there.
  Accepted add(const Reading& reading);
  /// After the last accepted reading.
  [[nodiscard]] FeatureVector features() const;

  [[nodiscard]] double working_set_bytes() const { return recent_.empty() ? unknown : recent_.back().bytes; }
  /// What is believed of the limit by now.
  [[nodiscard]] double limit_bytes() const;
  [[nodiscard]] double outside_bytes() const { return outside_; }
  [[nodiscard]] double seconds() const { return age_; }

 private:
  struct Point {
    double time_s = 0, bytes = 0;
  };
  /// The newest readings, oldest first.
  class Recent {
   public:
    static constexpr std::size_t capacity = 16;
    void add(const Point& point);
    void clear() { size_ = 0; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const Point& back(std::size_t i = 0) const { return points_[(end_ + capacity - 1 - i) % capacity]; }
    /// Bytes a second, by least squares over the last `count`.
    [[nodiscard]] double slope(std::size_t count) const;

   private:
    std::array<Point, capacity> points_{};
    std::size_t end_ = 0, size_ = 0;
  };

  [[nodiscard]] bool is_new(double time_s);
  void count_hits(double hits, double step);
  void follow_outside(const Reading& reading, double working_set, double step);
  void follow_rates(const Reading& reading, double step);
  void follow_navigation(double level, double step);
  [[nodiscard]] double deviation() const;

  LimitBelief limit_;
  Recent recent_;
  double last_time_ = unknown, age_ = 0;
  double usage_ = unknown, cache_ = unknown, cache_mean_ = unknown;
  double minute_mean_ = unknown, minutes_mean_ = unknown, above_minute_ = 0, above_minutes_ = 0, variance_ = 0;
  double highest_ = 0, lowest_ = 0, highest_usage_ = 0, since_highest_ = 0, largest_jump_ = 0;
  double hits_ = unknown, all_hits_ = 0, hit_rate_ = 0, since_hit_ = 3600, hit_at_ = 0;
  double own_ = unknown, own_mean_ = unknown, outside_ = unknown, outside_mean_ = unknown;
  double minor_ = unknown, major_ = unknown, group_major_ = unknown, cpu_ = unknown;
  double minor_rate_ = unknown, major_rate_ = unknown, group_major_rate_ = unknown, cpu_rate_ = unknown;
  double navigation_ = unknown, navigation_time_ = 0, threads_ = unknown, virtual_ = unknown, resident_ = unknown;
  std::uint32_t readings_ = 0;
  std::uint32_t far_back_ = 0;
};
static_assert(std::is_trivially_copyable_v<FeatureState> && sizeof(FeatureState) <= 900);

}  // namespace jobmedic::forecast
