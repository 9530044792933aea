#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"
#include "jobmedic/model.hpp"
#include "jobmedic/policy.hpp"
#include "jobmedic/space.hpp"

/// Stage 2: is a retry worth its money, and with which configuration? The document jobmedic.recommendation/1.
namespace jobmedic {

struct Recommendation {
  std::string decision;                 ///< "retry_with_patch", "retry_unchanged" or "do_not_retry"
  std::string reason;                   ///< what drove it, in words
  std::string patch = "[]";             ///< RFC 6902, against the attempt's configuration
  std::optional<Prediction> predicted;  ///< of the retry recommended
  std::optional<Prediction> unchanged;  ///< of a retry without any change
  std::string method;                   ///< "model", "fallback", or "rule" where a rule's override decided
  std::string model;                    ///< version; empty without one
  std::string served_by;                ///< "libtorch" or "builtin"; empty without a model
  int iterations = 0;                   ///< candidates proposed to the model: all of a small space
  double elapsed_s = 0;
  std::string stopped_by;  ///< "iterations", "deadline" or "exhausted" (no candidate was left)

  static Recommendation parse(std::string_view json);
  [[nodiscard]] std::string to_json() const;
};

/// Equal input, model and policy give an equal answer (`elapsed_s` aside) unless the deadline cut it short.
/// Without a model (null) the documented fallback policy answers (src/recommend/fallback.json).
/// `past`: what is on record of the job, its earlier runs and the lower tries of this run, in any order; may be empty.
/// Objective: alpha * P(fail) + beta * E[cost] / E[cost of the cheapest that heals]; the latter, too, is the model's.
/// Safe from any number of threads.
/// Throws Error: invalid_argument, schema (a configuration value that is no number, with its pointer).
Recommendation recommend(const Attempt& failed, const Classification& verdict, const Model* model, const Space& space,
                         const Policy& policy = {}, std::span<const Attempt> past = {});

}  // namespace jobmedic
