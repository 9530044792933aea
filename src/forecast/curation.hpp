#pragma once
#include <map>
#include <string>
#include <vector>

#include "jobmedic/forecast.hpp"
#include "json/value.hpp"

/// What the answers of a curation, whole or merged, are made of.
namespace jobmedic::forecast {

using CuratedTable = std::map<DeviceKey, std::vector<std::string>>;

/// As CSV.
std::string table_of(const std::vector<std::string>& characteristics, const CuratedTable& table);

/// The report's "truth".
json::Value against_truth(const std::vector<std::string>& characteristics, const CuratedTable& table,
                          const CuratedTable& truth);

}  // namespace jobmedic::forecast
