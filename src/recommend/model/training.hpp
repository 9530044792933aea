#pragma once
#include <string>
#include <vector>

#include "json/value.hpp"
#include "recommend/model/prepare.hpp"
#include "recommend/model/weights.hpp"

/// A training with what its audits need beside the weights.
namespace jobmedic::model {

struct Training {
  TrainedWeights weights;             ///< the version: trained on every job
  std::vector<TrainedWeights> folds;  ///< each trained without its `held_out` jobs; empty where there was one job only
  Prepared data;
  std::vector<float> held_out;  ///< per row of `data`: P(fails) by the network that never saw the job, calibrated on
                                ///< the other folds; empty without folds
  json::Object report;
};

/// Throws Error (model, forked); what `options.progress` throws passes through.
Training learn(const History& history, const Space& space, const TrainingOptions& options, const Witness& witness = {});

/// Loads libtorch; throws Error (model, forked) where that cannot be.
void need_torch();

}  // namespace jobmedic::model
