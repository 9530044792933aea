// The curated table as the forecast reads it.
#include <algorithm>

#include "forecast/csv.hpp"
#include "jobmedic/forecast.hpp"

namespace jobmedic::forecast {

DeviceTable DeviceTable::parse(std::string_view text) {
  CsvReader csv("device table", text);
  const std::size_t type = csv.at("device_type"), sdk = csv.at("sdk_version"), budget = csv.at("app_budget_mb");
  constexpr double mib = 1024 * 1024;
  DeviceTable table;
  while (csv.next()) {
    const double bytes = csv.number(budget) * mib;
    if (bytes > 0) table.budgets_.emplace_back(normalised({csv.row()[type], csv.row()[sdk]}), bytes);
  }
  std::sort(table.budgets_.begin(), table.budgets_.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return table;
}

DeviceTable DeviceTable::of(std::vector<std::pair<DeviceKey, double>> entries) {
  DeviceTable table;
  table.budgets_ = std::move(entries);
  std::sort(table.budgets_.begin(), table.budgets_.end());
  return table;
}

double DeviceTable::budget_bytes(const DeviceKey& key) const {
  const auto found = std::lower_bound(budgets_.begin(), budgets_.end(), key,
                                      [](const auto& entry, const DeviceKey& sought) { return entry.first < sought; });
  return found != budgets_.end() && found->first == key ? found->second : unknown;
}

}  // namespace jobmedic::forecast
