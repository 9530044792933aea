#include "forecast/limits.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "json/reader.hpp"

namespace jobmedic::forecast {
namespace {

// The usage at which a session hit its limit; NaN: it never did, or its usage is not known.
double seen_limit(const Trace& trace) {
  double highest = unknown, hits = unknown, seen = unknown;
  for (const Reading& reading : trace.readings) {
    if (!std::isnan(reading.usage_bytes) && !(highest >= reading.usage_bytes)) highest = reading.usage_bytes;
    if (reading.limit_hits > hits) seen = highest;
    if (!std::isnan(reading.limit_hits)) hits = reading.limit_hits;
  }
  return seen;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

LearnedLimits::LearnedLimits(std::span<const Trace* const> traces, const DeviceTable& devices) {
  std::map<std::string, std::vector<double>> shares;
  std::vector<double> all;
  for (const Trace* trace : traces) {
    const double share = seen_limit(*trace) / devices.budget_bytes(trace->key);
    if (std::isnan(share)) continue;
    shares[trace->key.type].push_back(share);
    all.push_back(share);
  }
  if (all.empty()) return;
  const auto spread = [](const std::vector<double>& values, double center) {
    double sum = 0;
    for (const double value : values) sum += (value - center) * (value - center);
    return sum;
  };
  overall_.median = median(all);
  overall_.sessions = static_cast<std::int64_t>(all.size());
  overall_.deviation = std::sqrt(spread(all, overall_.median) / static_cast<double>(all.size()));
  constexpr double doubt = 0.03;     // the deviation expected before anything was seen of a type, ...
  constexpr double doubt_worth = 2;  // ... and what that is worth, in sessions
  for (const auto& [type, values] : shares) {
    const auto count = static_cast<double>(values.size());
    Share& share = by_type_[type];
    share.median = (median(values) * count + overall_.median * 0.5) / (count + 0.5);
    share.deviation = std::sqrt((spread(values, median(values)) + doubt_worth * doubt * doubt) / (count + doubt_worth));
    share.sessions = static_cast<std::int64_t>(values.size());
  }
}

LimitBelief LearnedLimits::of(const std::string& device_type, double budget_bytes) const {
  const auto found = by_type_.find(device_type);
  const Share& share = found == by_type_.end() ? overall_ : found->second;
  return {budget_bytes * share.median, share.deviation, budget_bytes, false};
}

json::Value LearnedLimits::to_json() const {
  const auto share_json = [](const Share& share) {
    return json::object({{"median", share.median}, {"deviation", share.deviation}, {"sessions", share.sessions}});
  };
  json::Object types;
  for (const auto& [type, share] : by_type_) types.emplace_back(type, share_json(share));
  return json::object({{"overall", share_json(overall_)}, {"device_types", std::move(types)}});
}

LearnedLimits LearnedLimits::from_json(const json::Value& value) {
  const auto read = [](const json::Reader& reader) {
    Share share;
    share.median = reader.at("median").number_in(1e-3, 1e3);
    share.deviation = reader.at("deviation").number_in(0, 1e3);
    share.sessions = reader.at("sessions").integer_in(0, std::numeric_limits<std::int64_t>::max());
    return share;
  };
  const json::Reader reader(value);
  LearnedLimits limits;
  limits.overall_ = read(reader.at("overall"));
  for (const auto& [type, share] : reader.at("device_types").members()) limits.by_type_[type] = read(share);
  return limits;
}

}  // namespace jobmedic::forecast
