#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "jobmedic/model.hpp"
#include "recommend/narrow.hpp"

namespace jobmedic::recommender {

using Deadline = std::chrono::steady_clock::time_point;

struct Judged {
  Changes changes;
  Prediction prediction;
  double cost_ratio = 1;  ///< to a retry without any change
};

struct SearchResult {
  std::optional<Prediction> unchanged;  ///< absent: the deadline passed before anything was judged
  std::vector<Judged> judged;           ///< in the order they were judged; all keep the constraints
  int asked = 0;                        ///< candidates proposed: policy.iterations, or all of a small space
  int considered = 0;                   ///< candidates the model was asked about
  std::string stopped_by;               ///< "iterations", "deadline" or "exhausted"
};

/// What is borrowed for one recommendation.
struct Question {
  const Attempt& failed;
  const Classification& verdict;
  const Model& model;
  const Configuration& configuration;
  const Policy& policy;
  std::span<const Attempt> past;
};

/// Lets the model judge every candidate of a small space; of a large one policy.iterations candidates that optimizers
/// propose, and the lines through the best. Which ones depends on neither alpha nor beta, so that among them a higher
/// alpha never chooses a higher P(fail).
SearchResult search(const Question& question, const Remedy& remedy, const NarrowSpace& narrow, Deadline deadline);

/// What the model says of a retry without any change. Throws Error (model) where that is no number.
Prediction judge_unchanged(const Question& question);

/// The best by objective() among those with P at most max_failure_probability; null: none.
const Judged* best_of(const std::vector<Judged>& judged, const Policy& policy);
/// alpha * P + beta * cost ratio.
double objective(const Judged& judged, const Policy& policy);

}  // namespace jobmedic::recommender
