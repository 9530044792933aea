#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "forecast/features.hpp"
#include "forecast/labels.hpp"
#include "forecast/limits.hpp"
#include "recommend/model/architecture.hpp"
#include "recommend/model/calibration.hpp"

/// Everything a forecast model's file holds: the network of recommend(), over readings in place of failed attempts.
/// A small committee: each network was trained without one part of the sessions, and their logits are averaged.
namespace jobmedic::forecast {

/// An input of the network: a feature, normalised; what of it is above a knot; or whether it is known at all. Knots
/// spare the network from learning bends that it would bend for every sum of features: few kills teach little.
struct Input {
  std::size_t feature = 0;
  bool indicator = false;  ///< 1 where the feature is not known
  float mean = 0, deviation = 1;
  float knot = no_knot;  ///< in deviations
  static constexpr float no_knot = -1000;
};

struct TrainedForecast {
  std::string version;
  std::vector<Input> inputs;
  LearnedLimits limits;
  std::vector<std::pair<DeviceKey, double>> budgets;  ///< bytes, sorted by key: the curated table it was trained with
  model::Calibration calibration;
  double budget = 0;           ///< share of readings that may alert
  double threshold_logit = 0;  ///< an alert is above it
  LevelCuts level_cuts;        ///< files without them are read with the default
  model::Shape shape = {};
  std::vector<std::vector<float>> networks;
  /// hash64 of the sessions that it was not trained on, where it is one network of a committee, for later audits.
  std::vector<std::uint64_t> held_out = {};

  [[nodiscard]] std::string to_safetensors() const;
  /// Throws Error (model): damaged or foreign.
  static TrainedForecast parse(std::string_view safetensors);
};

/// The inputs' values, in place; what is not known stands at the mean.
void normalise(std::span<const Input> inputs, const FeatureVector& features, std::span<float> into);

}  // namespace jobmedic::forecast
