#pragma once
#include <map>
#include <span>
#include <string>

#include "forecast/features.hpp"
#include "forecast/telemetry.hpp"
#include "json/value.hpp"

/// What a device type really lets an application use, as a share of the budget it promises: learned from the readings
/// of sessions that ran into their limit (the counter rose), so it needs neither a kill nor the truth.
namespace jobmedic::forecast {

class LearnedLimits {
 public:
  LearnedLimits() = default;
  /// From traces, and the budget of each device.
  LearnedLimits(std::span<const Trace* const> traces, const DeviceTable& devices);

  /// NaN where the table does not know the budget.
  [[nodiscard]] LimitBelief of(const std::string& device_type, double budget_bytes) const;

  [[nodiscard]] json::Value to_json() const;
  /// Throws Error (schema).
  static LearnedLimits from_json(const json::Value& value);

 private:
  struct Share {
    double median = 1, deviation = 0.1;
    std::int64_t sessions = 0;
  };
  Share overall_;
  std::map<std::string, Share> by_type_;
};

}  // namespace jobmedic::forecast
