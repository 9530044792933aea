#include "forecast/virtual_limits.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/hash.hpp"
#include "core/random.hpp"

namespace jobmedic::forecast {
namespace {

constexpr int kills = 2;
constexpr double lowest = 0.7, highest = 1.4;  // of the highest working set
constexpr double least_s = 300;                // a kill before leaves no calm readings to learn from
constexpr std::size_t least_readings = 4;
constexpr int tries = 8;
constexpr double least_belief = 0.3;  // of the limit: a far draw must not turn the belief round

double working_set(const Reading& reading) {
  FeatureState alone;
  return alone.add(reading) == Accepted::yes ? alone.working_set_bytes() : unknown;
}

class Virtual {
 public:
  Virtual(const Trace& trace, const LimitBelief& learned, std::uint64_t seed)
      : trace_(trace), learned_(learned), random_(hash64(trace.session, seed)) {
    for (const Reading& reading : trace.readings) {
      used_.push_back(working_set(reading));
      if (used_.back() > top_) top_ = used_.back();
    }
  }

  std::optional<VirtualSession> kill() {
    for (int i = 0; i < tries; ++i) {
      const double limit = top_ * (lowest + (1 - lowest) * random_.uniform());
      const auto crossing = std::find_if(used_.begin(), used_.end(), [&](double used) { return used >= limit; });
      const auto end = static_cast<std::size_t>(crossing - used_.begin());
      if (end < least_readings || end == used_.size() || trace_.readings[end].time_s < least_s) continue;
      VirtualSession made = under(limit, end);
      made.trace.killed = true;
      made.trace.kill_s = crossed_at(limit, end);
      return made;
    }
    return std::nullopt;
  }

  std::optional<VirtualSession> survival() {
    if (trace_.killed || !(top_ > 0)) return std::nullopt;
    return under(top_ * (1 + (highest - 1) * random_.uniform()), used_.size());
  }

 private:
  VirtualSession under(double limit, std::size_t end) {
    const auto begin = trace_.readings.begin();
    VirtualSession made;
    made.trace.session = trace_.session;
    made.trace.key = trace_.key;
    made.trace.readings.assign(begin, begin + static_cast<std::ptrdiff_t>(end));
    double hits = 0;
    for (Reading& reading : made.trace.readings) reclaim(reading, limit, hits);
    made.limit = learned_;
    made.limit.bytes = limit / std::max(1 + learned_.deviation * random_.normal(), least_belief);
    made.limit.nominal = made.limit.bytes * learned_.nominal / learned_.bytes;
    return made;
  }

  // At its limit the kernel takes back page cache before it kills, and counts.
  static void reclaim(Reading& reading, double limit, double& hits) {
    if (reading.usage_bytes > limit) {
      reading.cache_bytes = std::max(reading.cache_bytes - (reading.usage_bytes - limit), 0.0);
      reading.usage_bytes = limit;
      ++hits;
    }
    reading.limit_hits = hits;
  }

  // Between two readings, on the line through them.
  [[nodiscard]] double crossed_at(double limit, std::size_t end) const {
    const double before = used_[end - 1], rise = used_[end] - before;
    const double from = trace_.readings[end - 1].time_s, to = trace_.readings[end].time_s;
    return rise > 0 ? from + (to - from) * std::clamp((limit - before) / rise, 0.0, 1.0) : to;
  }

  const Trace& trace_;
  const LimitBelief& learned_;
  Random random_;
  std::vector<double> used_;  // by reading; NaN where it is not known
  double top_ = 0;
};

}  // namespace

std::vector<VirtualSession> virtual_sessions(const Trace& trace, const LimitBelief& learned, std::uint64_t seed) {
  std::vector<VirtualSession> made;
  if (std::isnan(learned.bytes)) return made;
  Virtual session(trace, learned, seed);
  const auto keep = [&](std::optional<VirtualSession> one) {
    if (one) made.push_back(std::move(*one));
  };
  for (int i = 0; i < kills; ++i) keep(session.kill());
  keep(session.survival());
  return made;
}

}  // namespace jobmedic::forecast
