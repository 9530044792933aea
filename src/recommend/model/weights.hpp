#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "recommend/model/architecture.hpp"
#include "recommend/model/calibration.hpp"
#include "recommend/model/features.hpp"

/// Everything a model file holds.
namespace jobmedic::model {

struct TrainedWeights {
  std::string version;
  FeatureSchema schema;
  Calibration calibration;
  Shape shape = {};
  std::vector<float> values;  ///< in the order of TensorIndex
  /// hash64 of the jobs it was not trained on, for the sake of audits; empty for the version itself.
  std::vector<std::uint64_t> held_out = {};

  [[nodiscard]] std::string to_safetensors() const;
  /// Throws Error (model): damaged, foreign, or tensors that do not fit the schema.
  static TrainedWeights parse(std::string_view safetensors);
};

/// The network for a schema; the hidden sizes are those of every model trained here.
Shape shape_for(const FeatureSchema& schema);

}  // namespace jobmedic::model
