#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "forecast/lake.hpp"

/// From votes to one value per device and characteristic, and how each was found.
namespace jobmedic::forecast {

/// How often each rule decided, for one characteristic. Their sum is the number of devices.
struct Decisions {
  std::uint64_t unanimous = 0, majority = 0;
  std::uint64_t tie_by_type = 0, tie_by_smaller = 0;
  std::uint64_t false_value = 0, secondary = 0, reference = 0, indicator = 0;
};

/// A tie, or a value that no row of the device has: worth telling one by one.
struct Remark {
  DeviceKey key;
  std::string characteristic, value, how;
};

struct Settled {
  std::map<DeviceKey, std::vector<std::string>> table;
  std::vector<Decisions> decisions;  ///< by characteristic
  std::vector<Remark> remarks;
};

/// `wanted`: the devices of the table; empty: all of the lake. `asked`: devices that shall be in it as well, though the
/// lake has no row of them, if it has any of their type.
Settled settle(const Lake& lake, const CurationPolicy& policy,
               const std::map<DeviceKey, std::vector<std::string>>& secondary, const std::set<DeviceKey>& wanted,
               const std::set<DeviceKey>& asked);

}  // namespace jobmedic::forecast
