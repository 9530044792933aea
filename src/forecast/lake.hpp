#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "forecast/csv.hpp"
#include "forecast/curation_policy.hpp"
#include "jobmedic/forecast.hpp"

/// The raw rows, read once and kept as votes.
namespace jobmedic::forecast {

/// By value, how many rows say so.
using Votes = std::map<std::string, std::uint64_t>;

struct Lake {
  std::vector<std::string> characteristics;       ///< in the order of the columns
  std::map<DeviceKey, std::vector<Votes>> votes;  ///< by characteristic; missing values do not vote
  std::set<DeviceKey> with_test_rows_only;

  // Every row is counted exactly once below.
  std::uint64_t rows = 0, without_key = 0, not_wanted = 0, duplicates = 0, test_rows = 0, counted = 0;
  std::uint64_t types_normalised = 0, sdks_normalised = 0;  ///< keys written in another way; of all rows
};

/// `types`: rows of other device types are dropped before they are looked at; empty: all are wanted. (Not by the whole
/// key: what a device lacks comes from the other SDK versions of its type.)
Lake read_lake(CsvReader csv, const CurationPolicy& policy, const std::set<std::string>& types);

/// The keys of a CSV, normalised.
std::set<DeviceKey> read_keys(CsvReader csv);

/// A CSV with the same key: by key, the fields of `characteristics`; a column it lacks stays empty.
std::map<DeviceKey, std::vector<std::string>> read_table(CsvReader csv,
                                                         const std::vector<std::string>& characteristics);

}  // namespace jobmedic::forecast
