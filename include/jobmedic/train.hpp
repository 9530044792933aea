#pragma once
#include <optional>
#include <string>
#include <vector>

#include "jobmedic/audit.hpp"
#include "jobmedic/model.hpp"
#include "jobmedic/store.hpp"

/// Model versions: made from a store's history, audited, put into service, taken back. A training that is killed leaves
/// the version in service and the store as they were. Safe from any number of threads and processes at once.
namespace jobmedic {

struct ServeOptions {
  bool promote = true;                ///< false: the version stays out of service whatever its audits say
  std::string by = "jobmedic train";  ///< kept with the promotion
};

struct TrainedVersion {
  ModelVersion version;                 ///< `report`: that of train(), "audits", "blocked_by" and "promoted"
  bool promoted = false;                ///< is it in service now?
  std::vector<std::string> blocked_by;  ///< the audits that kept it out, see jobmedic/audit.hpp
};

/// Trains on all of the store's history, read in short transactions and part by part, audits the new version, saves it,
/// and serves it where its audits let it. Without `options.version` it is named "2026-11-21.1": the first of the day
/// that is not taken. Throws Error: as train() and Store do; then nothing was saved.
TrainedVersion train_version(Store& store, const Space& space, TrainingOptions options = {},
                             const ServeOptions& serve = {});

/// Puts a version of the store into service, of any kind. `force`: against its audits; `promotion.reason` must then say
/// why. Throws Error: invalid_argument (no such version, its audits keep it out, no reason), model (its weights are no
/// model).
void promote_version(Store& store, Promotion promotion, bool force = false);

}  // namespace jobmedic
