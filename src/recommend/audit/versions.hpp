#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/train.hpp"
#include "json/value.hpp"

/// What all kinds of models have in common as versions of a store.
namespace jobmedic::audits {

/// The first name of the day that is not taken: PREFIX2026-11-21.1.
std::string next_version(const Store& store, std::string_view prefix);

/// Empty where there is none.
ModelVersion find_version(const Store& store, const std::string& version);

struct NewVersion {
  std::string name;
  ModelKind kind = ModelKind::recommend;
  std::string weights;
  std::vector<std::string> folds;
  json::Object report;  ///< with "audits"
};

/// Saves it and, where its audits let it, puts it in the place of `serving`, which it was compared with. Completes the
/// report by "blocked_by" and "promoted". Throws Error: as Store does.
TrainedVersion keep_version(Store& store, NewVersion made, const std::string& serving, const ServeOptions& serve);

}  // namespace jobmedic::audits
