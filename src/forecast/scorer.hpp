#pragma once
#include <vector>

#include "forecast/trained.hpp"
#include "recommend/model/committee.hpp"

/// What the committee says of a session, by the built-in forward pass: a microsecond or two, and no memory taken.
namespace jobmedic::forecast {

struct Score {
  double logit = 0;    ///< of being killed within five minutes, before calibration
  double seconds = 0;  ///< until the kill, if there is one: the networks' guess, or sooner where growth meets the limit
};

class Scorer {
 public:
  static constexpr std::size_t most_inputs = 4 * feature_count;
  /// Throws Error (model) where the networks are none of this kind.
  explicit Scorer(const TrainedForecast& trained);
  [[nodiscard]] Score operator()(const FeatureVector& features) const;

 private:
  std::vector<Input> inputs_;
  model::CommitteePass committee_;
};

}  // namespace jobmedic::forecast
