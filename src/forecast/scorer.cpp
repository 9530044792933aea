#include "forecast/scorer.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "jobmedic/error.hpp"

namespace jobmedic::forecast {

Scorer::Scorer(const TrainedForecast& trained) : inputs_(trained.inputs), committee_(trained.shape, trained.networks) {
  if (inputs_.empty() || inputs_.size() > most_inputs || inputs_.size() != trained.shape.context) {
    throw Error(Status::model, "forecast model: it has no inputs, too many, or others than its networks");
  }
}

Score Scorer::operator()(const FeatureVector& features) const {
  std::array<float, most_inputs> buffer;
  const std::span<float> numbers(buffer.data(), inputs_.size());
  normalise(inputs_, features, numbers);
  const model::RawOutput said = committee_(numbers);
  const double guess = std::exp(std::clamp(double{said.log_cost}, 0.0, 12.0));
  const float growth = features[static_cast<std::size_t>(Feature::time_medium)];
  return {double{said.logit}, std::isnan(growth) ? guess : std::min(guess, std::exp(double{growth}))};
}

}  // namespace jobmedic::forecast
