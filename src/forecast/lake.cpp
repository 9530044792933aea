#include "forecast/lake.hpp"

#include <unordered_set>

#include "core/hash.hpp"

namespace jobmedic::forecast {
namespace {

struct KeyColumns {
  explicit KeyColumns(const CsvReader& csv) : type(csv.at("device_type")), sdk(csv.at("sdk_version")) {}
  [[nodiscard]] DeviceKey as_written(const CsvReader& csv) const { return {csv.row()[type], csv.row()[sdk]}; }
  [[nodiscard]] DeviceKey of(const CsvReader& csv) const { return normalised(as_written(csv)); }
  std::size_t type, sdk;
};

// Two rows that share it are duplicates: all their fields, the key in its one form.
std::string identity(const CsvReader& csv, const KeyColumns& keys, const DeviceKey& key) {
  std::string text = key.type + '\n' + key.sdk;
  for (std::size_t i = 0; i < csv.row().size(); ++i) {
    if (i != keys.type && i != keys.sdk) (text += '\n') += csv.row()[i];
  }
  return hash128_hex(text);
}

}  // namespace

Lake read_lake(CsvReader csv, const CurationPolicy& policy, const std::set<std::string>& types) {
  const KeyColumns keys(csv);
  Lake lake;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < csv.header().size(); ++i) {
    if (i == keys.type || i == keys.sdk || policy.ignored.contains(csv.header()[i])) continue;
    lake.characteristics.push_back(csv.header()[i]);
    columns.push_back(i);
  }
  std::unordered_set<std::string> seen;
  while (csv.next()) {
    ++lake.rows;
    const DeviceKey written = keys.as_written(csv), key = normalised(written);
    lake.types_normalised += key.type != written.type ? 1 : 0;
    lake.sdks_normalised += key.sdk != written.sdk ? 1 : 0;
    if (key.type.empty() || key.sdk.empty()) {
      ++lake.without_key;
      continue;
    }
    if (!types.empty() && !types.contains(key.type)) {
      ++lake.not_wanted;
      continue;
    }
    if (!seen.insert(identity(csv, keys, key)).second) {
      ++lake.duplicates;
      continue;
    }
    bool test = false;
    for (const std::size_t column : columns) test = test || policy.placeholders.contains(csv.row()[column]);
    if (test) {
      ++lake.test_rows;
      lake.with_test_rows_only.insert(key);
      continue;
    }
    ++lake.counted;
    std::vector<Votes>& votes = lake.votes[key];
    votes.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string& value = csv.row()[columns[i]];
      const bool is_false = value.empty() && policy.uses(lake.characteristics[i], WhenMissing::false_value);
      if (is_false || !value.empty()) ++votes[i][is_false ? "False" : value];
    }
  }
  for (const auto& entry : lake.votes) lake.with_test_rows_only.erase(entry.first);
  return lake;
}

std::set<DeviceKey> read_keys(CsvReader csv) {
  const KeyColumns keys(csv);
  std::set<DeviceKey> found;
  while (csv.next()) found.insert(keys.of(csv));
  return found;
}

std::map<DeviceKey, std::vector<std::string>> read_table(CsvReader csv,
                                                         const std::vector<std::string>& characteristics) {
  const KeyColumns keys(csv);
  std::map<DeviceKey, std::vector<std::string>> table;
  while (csv.next()) {
    std::vector<std::string>& fields = table[keys.of(csv)];
    fields.clear();
    for (const std::string& name : characteristics) {
      const auto column = csv.find(name);
      fields.push_back(column ? csv.row()[*column] : "");
    }
  }
  return table;
}

}  // namespace jobmedic::forecast
