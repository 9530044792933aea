#include "forecast/scorer.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "jobmedic/error.hpp"

namespace jobmedic::forecast {

Scorer::Scorer(const TrainedForecast& trained) : inputs_(trained.inputs) {
  if (inputs_.empty() || inputs_.size() > most_inputs || trained.networks.empty()) {
    throw Error(Status::model, "forecast model: it has no inputs or networks, or too many");
  }
  for (const std::vector<float>& network : trained.networks) passes_.emplace_back(trained.shape, network);
}

Score Scorer::operator()(const FeatureVector& features) const {
  std::array<float, most_inputs> buffer;
  const std::span<float> numbers(buffer.data(), inputs_.size());
  normalise(inputs_, features, numbers);
  double logit = 0, log_seconds = 0;
  for (const model::ContextPass& pass : passes_) {
    const model::RawOutput said = pass(numbers);
    logit += double{said.logit};
    log_seconds += double{said.log_cost};
  }
  const auto count = static_cast<double>(passes_.size());
  const double guess = std::exp(std::clamp(log_seconds / count, 0.0, 12.0));
  const float growth = features[static_cast<std::size_t>(Feature::time_medium)];
  return {logit / count, std::isnan(growth) ? guess : std::min(guess, std::exp(double{growth}))};
}

}  // namespace jobmedic::forecast
