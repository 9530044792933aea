#pragma once
#include <span>
#include <vector>

#include "json/value.hpp"

/// From what the network says to what may be promised: fitted on examples of jobs it was not trained on.
namespace jobmedic::model {

/// An out-of-fold example: said by a network that never saw its job.
struct Judged {
  double logit = 0;
  double log_cost = 0;  ///< predicted
  bool fails = false;
  double true_log_cost = 0;  ///< NaN: unknown
  double weight = 1;
};

struct Calibration {
  double slope = 1;  ///< Platt: P = logistic(slope * logit + shift); slope > 0 keeps the order
  double shift = 0;
  double log_smear = 0;  ///< E[cost] = exp(log cost + log_smear) (Duan 1983): the mean, not the median
  double offset = 0;     ///< log cost where the failed attempt's own cost is unknown

  [[nodiscard]] double probability(double logit) const;
  [[nodiscard]] json::Value to_json() const;
  /// Throws Error (schema).
  static Calibration from_json(const json::Value& value);
};

/// Left as it is where there is one class only or no cost.
Calibration calibrate(std::span<const Judged> judged, double offset);

/// Weighted means: of -log of the probability given to what happened; of |log cost| missed by.
double log_loss(std::span<const Judged> judged, const Calibration& calibration);
double cost_error(std::span<const Judged> judged);

/// Weighted log loss, Brier score, AUC, calibration table and cost error, as JSON for the report.
json::Value metrics_of(std::span<const Judged> judged, const Calibration& calibration);

}  // namespace jobmedic::model
