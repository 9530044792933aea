#pragma once
#include "jobmedic/model.hpp"
#include "jobmedic/store.hpp"

namespace jobmedic {

/// Trains on all of the store's history and puts the new version into the store, in service at once. Without
/// `options.version` it is named "2026-11-21.1": the first of the day that is not taken. Throws Error: as train() and
/// Store do; then nothing was saved.
ModelVersion train_and_serve(Store& store, const Space& space, TrainingOptions options = {});

}  // namespace jobmedic
