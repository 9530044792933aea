// One curation from those of a lake's parts.
#include <algorithm>
#include <set>

#include "forecast/curation.hpp"
#include "forecast/lake.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"

namespace jobmedic::forecast {
namespace {

constexpr const char* name = "curated table";

struct Part {
  std::vector<std::string> characteristics;
  CuratedTable table;
  json::Value report;
};

Part read_part(const Curation& curation) {
  Part part;
  const CsvReader csv(name, curation.table);
  for (const std::string& column : csv.header()) {
    if (column != "device_type" && column != "sdk_version") part.characteristics.push_back(column);
  }
  part.table = read_table(CsvReader(name, curation.table), part.characteristics);
  part.report = json::parse(curation.report);
  json::Reader(part.report).check_schema("jobmedic.curation_report/1");
  return part;
}

// A report's counts are added; its lists stand one after the other.
void add(json::Value& sum, const json::Value& part) {
  if (auto* list = sum.as<json::Array>()) {
    if (const auto* more = part.as<json::Array>()) list->insert(list->end(), more->begin(), more->end());
  } else if (auto* members = sum.as<json::Object>()) {
    for (auto& [member, value] : *members) {
      if (const json::Value* more = part.find(member)) add(value, *more);
    }
  } else if (auto* count = sum.as<std::int64_t>()) {
    const auto* more = part.as<std::int64_t>();
    if (more != nullptr && __builtin_add_overflow(*count, *more, count)) {
      throw Error(Status::parse, "curation report: a count is too large");
    }
  }
}

DeviceKey key_of(const json::Value& told) {
  const json::Reader reader(told);
  return {reader.at("device_type").string(), reader.at("sdk_version").string()};
}

// By device, as the whole is told; what is told of one device is in one part, and keeps its order.
void sort_by_device(json::Value* list) {
  auto* items = list == nullptr ? nullptr : list->as<json::Array>();
  if (items == nullptr) return;
  std::stable_sort(items->begin(), items->end(),
                   [](const json::Value& a, const json::Value& b) { return key_of(a) < key_of(b); });
}

void add_types(std::set<std::string>& all, const CuratedTable& table) {
  std::set<std::string> types;
  for (const auto& entry : table) types.insert(entry.first.type);
  for (const std::string& type : types) {
    if (!all.insert(type).second) {
      throw Error(Status::invalid_argument,
                  "device type \"" + type + "\" is in two parts of the curation: each needs all rows of its types");
    }
  }
}

}  // namespace

Curation merge(const std::vector<Curation>& parts, const std::string& truth) {
  if (parts.empty()) throw Error(Status::invalid_argument, "a curation is merged from one part at least");
  Part whole = read_part(parts.front());
  std::set<std::string> types;
  add_types(types, whole.table);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Part part = read_part(parts[i]);
    if (part.characteristics != whole.characteristics) {
      throw Error(Status::invalid_argument, "the parts of the curation have different columns");
    }
    add_types(types, part.table);
    whole.table.merge(part.table);
    add(whole.report, part.report);
  }
  for (const char* list : {"devices_with_test_rows_only", "remarks"}) sort_by_device(whole.report.find(list));
  auto* report = whole.report.as<json::Object>();
  std::erase_if(*report, [](const json::Member& member) { return member.first == "truth"; });
  if (!truth.empty()) {
    report->emplace_back("truth", against_truth(whole.characteristics, whole.table,
                                                read_table(CsvReader("truth", truth), whole.characteristics)));
  }
  return {table_of(whole.characteristics, whole.table), json::write(whole.report)};
}

}  // namespace jobmedic::forecast
