#include "forecast/features.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace jobmedic::forecast {
namespace {

constexpr double gap_s = 300;        // averages do not bridge more
constexpr double usual_step_s = 15;  // before the first difference is known
constexpr double longest_s = 3600;
constexpr std::array<std::string_view, feature_count> names = {
    "share",         "recent_share",  "high_share",      "usage_share", "headroom",      "sureness",
    "lead_sureness", "touched",       "deviation",       "bias",        "above_minute",  "above_minutes",
    "restlessness",  "slope_short",   "slope_medium",    "slope_long",  "time_short",    "time_medium",
    "time_long",     "next_minute",   "highest",         "lowest",      "highest_usage", "since_highest",
    "hits",          "hit_rate",      "since_hit",       "cache",       "cache_lost",    "own",
    "outside",       "outside_above", "own_above",       "minor_rate",  "major_rate",    "group_major_rate",
    "cpu_rate",      "navigation",    "navigation_time", "age",         "threads",       "unmapped",
    "jump",          "jump_room"};

double first_known(std::initializer_list<double> values) {
  for (const double value : values) {
    if (std::isfinite(value) && value >= 0) return value;
  }
  return unknown;
}

double difference(double a, double b) {
  return a >= b ? a - b : (std::isnan(a) || std::isnan(b) ? unknown : 0);
}

// Infinite, or more than any machine has: not known.
Reading plausible(Reading reading) {
  constexpr double most = 1e18;
  for (double Reading::*member :
       {&Reading::time_s, &Reading::navigation_level, &Reading::resident_bytes, &Reading::private_bytes,
        &Reading::shared_bytes, &Reading::virtual_bytes, &Reading::minor_faults, &Reading::major_faults,
        &Reading::cpu_s, &Reading::threads, &Reading::usage_bytes, &Reading::cache_bytes, &Reading::group_bytes,
        &Reading::group_major_faults, &Reading::limit_hits}) {
    if (!(std::abs(reading.*member) <= most)) reading.*member = unknown;
  }
  return reading;
}

// The share of an exponential mean that `step` seconds replace.
double share_of(double step, double time_constant) {
  return 1 - std::exp(-step / time_constant);
}

void follow(double& mean, double value, double share) {
  if (std::isnan(value)) return;
  mean = std::isnan(mean) ? value : mean + share * (value - mean);
}

// A counter's rate; one that falls began anew.
double rate(double& before, double now, double step) {
  if (std::isnan(now)) return unknown;
  const double grown = std::isnan(before) ? unknown : std::max(now - before, 0.0);
  before = now;
  return grown / step;
}

// log of the seconds until `room` is used up at `slope` bytes a second; an hour where it is not in sight.
double time_until(double room, double slope) {
  if (std::isnan(room)) return unknown;
  if (room <= 0) return 0;
  return std::log1p(slope * longest_s <= room ? longest_s : room / slope);
}

double log_rate(double value) {
  return std::log1p(value);
}

}  // namespace

std::string_view feature_name(std::size_t feature) {
  return names.at(feature);
}

void FeatureState::Recent::add(const Point& point) {
  end_ %= capacity;  // what was stored or sent may come back damaged
  points_[end_] = point;
  end_ = (end_ + 1) % capacity;
  size_ = std::min(size_ + 1, capacity);
}

double FeatureState::Recent::slope(std::size_t count) const {
  count = std::min(count, size_);
  if (count < 2) return 0;
  const double origin = back().time_s;
  double time = 0, bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    time += back(i).time_s - origin;
    bytes += back(i).bytes;
  }
  time /= static_cast<double>(count);
  bytes /= static_cast<double>(count);
  double product = 0, square = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double t = back(i).time_s - origin - time;
    product += t * (back(i).bytes - bytes);
    square += t * t;
  }
  return square > 0 ? product / square : 0;
}

// After a gap, or where the clock was set back, averages and slopes begin anew; what was highest stays.
bool FeatureState::is_new(double time_s) {
  constexpr std::uint32_t convincing = 3;
  if (std::isnan(last_time_) || time_s > last_time_) {
    far_back_ = 0;
  } else {
    if (last_time_ - time_s <= gap_s || ++far_back_ < convincing) return false;
    far_back_ = 0;
    last_time_ = unknown;
  }
  if (std::isnan(last_time_) || time_s - last_time_ > gap_s) {
    recent_.clear();
    minute_mean_ = minutes_mean_ = cache_mean_ = own_mean_ = outside_mean_ = unknown;
    minor_ = major_ = group_major_ = cpu_ = unknown;
    variance_ = 0;
  }
  return true;
}

void FeatureState::count_hits(double hits, double step) {
  hit_rate_ *= std::exp(-step / 60);
  since_hit_ = std::min(since_hit_ + step, longest_s);
  if (std::isnan(hits)) return;
  const double grown = std::isnan(hits_) ? 0 : std::max(hits - hits_, 0.0);
  hits_ = hits;
  if (grown <= 0) return;
  all_hits_ += grown;
  hit_rate_ += grown;
  since_hit_ = 0;
  hit_at_ = highest_usage_;  // the group was at its limit since the last reading
}

void FeatureState::follow_outside(const Reading& reading, double working_set, double step) {
  own_ = first_known({reading.private_bytes, difference(reading.resident_bytes, reading.shared_bytes)});
  outside_ = std::isnan(usage_) ? unknown : difference(working_set, own_);
  const double share = share_of(step, 120);
  follow(own_mean_, own_, share);
  follow(outside_mean_, outside_, share);
  follow(cache_mean_, cache_, share);
}

void FeatureState::follow_rates(const Reading& reading, double step) {
  minor_rate_ = rate(minor_, reading.minor_faults, step);
  major_rate_ = rate(major_, reading.major_faults, step);
  group_major_rate_ = rate(group_major_, reading.group_major_faults, step);
  cpu_rate_ = rate(cpu_, reading.cpu_s, step);
}

void FeatureState::follow_navigation(double level, double step) {
  const bool stays = std::isnan(level) || level == navigation_;
  navigation_time_ = stays ? navigation_time_ + step : 0;
  if (!stays) navigation_ = level;
}

Accepted FeatureState::add(const Reading& given) {
  const Reading reading = plausible(given);
  if (std::isnan(reading.time_s)) return Accepted::no_time;
  const double charged = difference(reading.usage_bytes, first_known({reading.cache_bytes, 0}));
  const double own = first_known({reading.private_bytes, difference(reading.resident_bytes, reading.shared_bytes)});
  const double working_set = first_known({charged, reading.group_bytes, own, reading.resident_bytes});
  if (std::isnan(working_set)) return Accepted::no_memory;
  if (!is_new(reading.time_s)) return Accepted::late;

  const bool anew = recent_.empty();
  const double step = anew ? usual_step_s : reading.time_s - last_time_;
  last_time_ = reading.time_s;
  age_ += readings_ == 0 ? 0 : step;
  usage_ = reading.usage_bytes;
  cache_ = reading.cache_bytes;
  highest_usage_ = std::max(highest_usage_, first_known({usage_, working_set}));
  count_hits(reading.limit_hits, step);
  follow_outside(reading, working_set, step);
  follow_rates(reading, step);
  follow_navigation(reading.navigation_level, step);
  threads_ = reading.threads;
  virtual_ = reading.virtual_bytes;
  resident_ = reading.resident_bytes;

  if (!anew) largest_jump_ = std::max(largest_jump_, working_set - recent_.back().bytes);
  above_minute_ = anew ? 0 : working_set - minute_mean_;
  above_minutes_ = anew ? 0 : working_set - minutes_mean_;
  follow(minute_mean_, working_set, share_of(step, 60));
  const double share = share_of(step, gap_s);
  follow(minutes_mean_, working_set, share);
  variance_ += share * (above_minutes_ * above_minutes_ - variance_);
  since_highest_ = working_set > highest_ ? 0 : since_highest_ + step;
  highest_ = std::max(highest_, working_set);
  lowest_ = readings_ == 0 ? working_set : std::min(lowest_, working_set);
  recent_.add({reading.time_s, working_set});
  ++readings_;
  return Accepted::yes;
}

double FeatureState::limit_bytes() const {
  if (limit_.known) return limit_.bytes;
  if (hit_at_ > 0) return std::max(hit_at_, highest_usage_);
  return std::isnan(limit_.bytes) ? unknown : std::max(limit_.bytes, highest_usage_);
}

double FeatureState::deviation() const {
  constexpr double surest = 0.005;
  return limit_.known || hit_at_ > 0 ? surest : std::max(limit_.deviation, surest);
}

FeatureVector FeatureState::features() const {
  FeatureVector out;
  out.fill(std::numeric_limits<float>::quiet_NaN());
  if (recent_.empty()) return out;
  const auto set = [&out](Feature feature, double value) {
    out[static_cast<std::size_t>(feature)] = static_cast<float>(std::clamp(value, -1e30, 1e30));
  };
  const double limit = limit_bytes();
  const double now = recent_.back().bytes;
  const double room = limit - now;
  const double short_slope = recent_.slope(4), medium_slope = recent_.slope(8), long_slope = recent_.slope(16);
  double recent = 0, high = 0;
  const std::size_t last3 = std::min<std::size_t>(3, recent_.size());
  for (std::size_t i = 0; i < last3; ++i) recent += recent_.back(i).bytes / static_cast<double>(last3);
  for (std::size_t i = 0; i < std::min<std::size_t>(4, recent_.size()); ++i)
    high = std::max(high, recent_.back(i).bytes);
  const double unsure = deviation() * limit;
  const double restless = std::sqrt(variance_);
  const auto sureness = [&](double left) { return std::clamp(left / unsure, -5.0, 40.0); };

  set(Feature::share, now / limit);
  set(Feature::recent_share, recent / limit);
  set(Feature::high_share, high / limit);
  set(Feature::usage_share, usage_ / limit);
  set(Feature::headroom, std::log1p(std::max(room, 0.0) / 1024));
  set(Feature::sureness, sureness(room));
  set(Feature::lead_sureness, sureness(room - std::max(medium_slope, 0.0) * 60));
  set(Feature::touched, limit_.known || hit_at_ > 0 ? 1 : 0);
  set(Feature::deviation, deviation());
  set(Feature::bias, limit / limit_.nominal);
  set(Feature::above_minute, above_minute_ / limit);
  set(Feature::above_minutes, above_minutes_ / limit);
  set(Feature::restlessness, restless / limit);
  set(Feature::slope_short, short_slope * 60 / limit);
  set(Feature::slope_medium, medium_slope * 60 / limit);
  set(Feature::slope_long, long_slope * 60 / limit);
  set(Feature::time_short, time_until(room, short_slope));
  set(Feature::time_medium, time_until(room, medium_slope));
  set(Feature::time_long, time_until(room, long_slope));
  set(Feature::next_minute, (now + medium_slope * 60) / limit);
  set(Feature::highest, highest_ / limit);
  set(Feature::lowest, lowest_ / limit);
  set(Feature::highest_usage, highest_usage_ / limit);
  set(Feature::since_highest, since_highest_ / 60);
  set(Feature::hits, std::log1p(all_hits_));
  set(Feature::hit_rate, std::log1p(hit_rate_));
  set(Feature::since_hit, since_hit_ / 60);
  set(Feature::cache, cache_ / limit);
  set(Feature::cache_lost, (cache_ - cache_mean_) / limit);
  set(Feature::own, own_ / limit);
  set(Feature::outside, outside_ / limit);
  set(Feature::outside_above, (outside_ - outside_mean_) / limit);
  set(Feature::own_above, (own_ - own_mean_) / limit);
  set(Feature::minor_rate, log_rate(minor_rate_));
  set(Feature::major_rate, log_rate(major_rate_));
  set(Feature::group_major_rate, log_rate(group_major_rate_));
  set(Feature::cpu_rate, cpu_rate_);
  set(Feature::navigation, navigation_);
  set(Feature::navigation_time, navigation_time_ / 60);
  set(Feature::age, age_ / 60);
  set(Feature::threads, threads_);
  set(Feature::unmapped, difference(virtual_, resident_) / limit);
  set(Feature::jump, largest_jump_ / limit);
  set(Feature::jump_room, std::clamp(room / std::max(largest_jump_, 0.001 * limit), -1.0, 50.0));
  return out;
}

}  // namespace jobmedic::forecast
