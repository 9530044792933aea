// Curation as a whole: lake, decisions, table and report.
#include "forecast/csv.hpp"
#include "forecast/settle.hpp"
#include "json/value.hpp"

namespace jobmedic::forecast {
namespace {

std::string table_of(const Lake& lake, const Settled& settled) {
  std::string csv = "device_type,sdk_version";
  for (const std::string& name : lake.characteristics) (csv += ',') += csv_field(name);
  csv += '\n';
  for (const auto& [key, values] : settled.table) {
    csv += csv_field(key.type) + ',' + csv_field(key.sdk);
    for (const std::string& value : values) (csv += ',') += csv_field(value);
    csv += '\n';
  }
  return csv;
}

json::Object key_members(const DeviceKey& key) {
  return {{"device_type", key.type}, {"sdk_version", key.sdk}};
}

json::Value rows_of(const Lake& lake) {
  return json::object({{"read", lake.rows},
                       {"without_key", lake.without_key},
                       {"not_wanted", lake.not_wanted},
                       {"duplicates", lake.duplicates},
                       {"test_rows", lake.test_rows},
                       {"counted", lake.counted},
                       {"device_types_normalised", lake.types_normalised},
                       {"sdk_versions_normalised", lake.sdks_normalised}});
}

json::Value decisions_of(const Lake& lake, const Settled& settled) {
  json::Object by_characteristic;
  for (std::size_t c = 0; c < lake.characteristics.size(); ++c) {
    const Decisions& d = settled.decisions[c];
    by_characteristic.emplace_back(lake.characteristics[c], json::object({{"unanimous", d.unanimous},
                                                                          {"majority", d.majority},
                                                                          {"tie_by_type", d.tie_by_type},
                                                                          {"tie_by_smaller", d.tie_by_smaller},
                                                                          {"false", d.false_value},
                                                                          {"secondary", d.secondary},
                                                                          {"reference", d.reference},
                                                                          {"indicator", d.indicator}}));
  }
  return by_characteristic;
}

json::Value remarks_of(const Settled& settled) {
  json::Array remarks;
  for (const Remark& remark : settled.remarks) {
    json::Object one = key_members(remark.key);
    one.emplace_back("characteristic", remark.characteristic);
    one.emplace_back("value", remark.value);
    one.emplace_back("how", remark.how);
    remarks.emplace_back(std::move(one));
  }
  return remarks;
}

json::Value against_truth(const Lake& lake, const Settled& settled, const std::filesystem::path& truth) {
  std::uint64_t compared = 0, equal = 0;
  json::Array differences;
  for (const auto& [key, expected] : read_table(truth, lake.characteristics)) {
    const auto found = settled.table.find(key);
    for (std::size_t c = 0; c < expected.size(); ++c) {
      const std::string& value = found == settled.table.end() ? std::string() : found->second[c];
      ++compared;
      if (found != settled.table.end() && value == expected[c]) {
        ++equal;
        continue;
      }
      json::Object one = key_members(key);
      one.emplace_back("characteristic", lake.characteristics[c]);
      one.emplace_back("curated", value);
      one.emplace_back("truth", expected[c]);
      differences.emplace_back(std::move(one));
    }
  }
  const double share = compared == 0 ? 0 : static_cast<double>(equal) / static_cast<double>(compared);
  return json::object(
      {{"compared", compared}, {"equal", equal}, {"share", share}, {"differences", std::move(differences)}});
}

std::string report_of(const Lake& lake, const Settled& settled, const std::filesystem::path& truth) {
  json::Array without_evidence;
  for (const DeviceKey& key : lake.with_test_rows_only) without_evidence.emplace_back(key_members(key));
  json::Object report = {
      {"schema", "jobmedic.curation_report/1"},         {"rows", rows_of(lake)},
      {"devices", std::uint64_t{settled.table.size()}}, {"devices_with_test_rows_only", std::move(without_evidence)},
      {"decisions", decisions_of(lake, settled)},       {"remarks", remarks_of(settled)}};
  if (!truth.empty()) report.emplace_back("truth", against_truth(lake, settled, truth));
  return json::write(report);
}

}  // namespace

Curation curate(const CurationInput& input) {
  const CurationPolicy policy = CurationPolicy::parse(input.policy);
  const std::set<DeviceKey> wanted = input.keys.empty() ? std::set<DeviceKey>() : read_keys(input.keys);
  std::set<DeviceKey> asked = wanted;
  if (!input.truth.empty()) asked.merge(read_keys(input.truth));
  std::set<std::string> types;
  for (const DeviceKey& key : wanted.empty() ? wanted : asked) types.insert(key.type);
  const Lake lake = read_lake(input.raw, policy, types);
  const auto secondary = input.secondary.empty() ? std::map<DeviceKey, std::vector<std::string>>()
                                                 : read_table(input.secondary, lake.characteristics);
  const Settled settled = settle(lake, policy, secondary, wanted, asked);
  return {table_of(lake, settled), report_of(lake, settled, input.truth)};
}

}  // namespace jobmedic::forecast
