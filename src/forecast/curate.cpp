// Curation as a whole: lake, decisions, table and report.
#include <functional>

#include "forecast/csv.hpp"
#include "forecast/curation.hpp"
#include "forecast/settle.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic::forecast {
namespace {

/// Where the files are, opened as often as they are read; null: there is none.
struct Sources {
  using Open = std::function<CsvReader()>;
  Open raw, secondary, keys, truth;
};

Sources::Open source(const std::filesystem::path& path) {
  if (path.empty()) return nullptr;
  return [path] { return CsvReader(path); };
}

Sources::Open source(const char* name, const std::string& text) {
  if (text.empty()) return nullptr;
  return [name, &text] { return CsvReader(name, text); };
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

std::string report_of(const Lake& lake, const Settled& settled, const Sources& sources) {
  json::Array without_evidence;
  for (const DeviceKey& key : lake.with_test_rows_only) without_evidence.emplace_back(key_members(key));
  json::Object report = {
      {"schema", "jobmedic.curation_report/1"},         {"rows", rows_of(lake)},
      {"devices", std::uint64_t{settled.table.size()}}, {"devices_with_test_rows_only", std::move(without_evidence)},
      {"decisions", decisions_of(lake, settled)},       {"remarks", remarks_of(settled)}};
  if (sources.truth) {
    const CuratedTable truth = read_table(sources.truth(), lake.characteristics);
    report.emplace_back("truth", against_truth(lake.characteristics, settled.table, truth));
  }
  return json::write(report);
}

Curation curate_from(const Sources& sources, const std::string& policy_text) {
  const CurationPolicy policy = CurationPolicy::parse(policy_text);
  const std::set<DeviceKey> wanted = sources.keys ? read_keys(sources.keys()) : std::set<DeviceKey>();
  std::set<DeviceKey> asked = wanted;
  if (sources.truth) asked.merge(read_keys(sources.truth()));
  std::set<std::string> types;
  for (const DeviceKey& key : wanted.empty() ? wanted : asked) types.insert(key.type);
  const Lake lake = read_lake(sources.raw(), policy, types);
  const CuratedTable secondary =
      sources.secondary ? read_table(sources.secondary(), lake.characteristics) : CuratedTable();
  const Settled settled = settle(lake, policy, secondary, wanted, asked);
  return {table_of(lake.characteristics, settled.table), report_of(lake, settled, sources)};
}

}  // namespace

std::string table_of(const std::vector<std::string>& characteristics, const CuratedTable& table) {
  std::string csv = "device_type,sdk_version";
  for (const std::string& name : characteristics) (csv += ',') += csv_field(name);
  csv += '\n';
  for (const auto& [key, values] : table) {
    csv += csv_field(key.type) + ',' + csv_field(key.sdk);
    for (const std::string& value : values) (csv += ',') += csv_field(value);
    csv += '\n';
  }
  return csv;
}

json::Value against_truth(const std::vector<std::string>& characteristics, const CuratedTable& table,
                          const CuratedTable& truth) {
  std::uint64_t compared = 0, equal = 0;
  json::Array differences;
  for (const auto& [key, expected] : truth) {
    const auto found = table.find(key);
    for (std::size_t c = 0; c < expected.size(); ++c) {
      const std::string& value = found == table.end() ? std::string() : found->second[c];
      ++compared;
      if (found != table.end() && value == expected[c]) {
        ++equal;
        continue;
      }
      json::Object one = key_members(key);
      one.emplace_back("characteristic", characteristics[c]);
      one.emplace_back("curated", value);
      one.emplace_back("truth", expected[c]);
      differences.emplace_back(std::move(one));
    }
  }
  const double share = compared == 0 ? 0 : static_cast<double>(equal) / static_cast<double>(compared);
  return json::object(
      {{"compared", compared}, {"equal", equal}, {"share", share}, {"differences", std::move(differences)}});
}

Curation curate(const CurationInput& input) {
  // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): the functions own what they hold
  return curate_from({source(input.raw), source(input.secondary), source(input.keys), source(input.truth)},
                     input.policy);
}

Curation curate(const CurationTexts& input) {
  if (input.raw.empty()) throw Error(Status::parse, "raw: it is empty: a header was expected");
  return curate_from({source("raw", input.raw), source("secondary", input.secondary), source("keys", input.keys),
                      source("truth", input.truth)},
                     input.policy);
}

}  // namespace jobmedic::forecast
