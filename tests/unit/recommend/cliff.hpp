#pragma once
#include <cmath>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "jobmedic/model.hpp"

/// A job whose truth is known: it fails where the executors' heap per core is below a need, softly at the edge, and
/// costs what it occupies. A model in closed form instead of a trained one.
class Cliff final : public jobmedic::Model {
 public:
  double need_mib = 1000;    ///< heap per core at which P(fail) is one half
  double steepness = 10;     ///< per factor e
  double least_failure = 0;  ///< no configuration fails less often
  std::string heap = "spark.executor.memory";
  std::string not_learned;             ///< a parameter the model has no idea of
  std::string only_learned;            ///< it has no idea of anything else
  std::chrono::milliseconds delay{0};  ///< per call
  double scale_cost = 1;

  [[nodiscard]] std::vector<jobmedic::Prediction> predict(const jobmedic::Attempt& /*failed*/,
                                                          const jobmedic::Classification& /*verdict*/,
                                                          const jobmedic::Space& space,
                                                          std::span<const jobmedic::Point> candidates,
                                                          std::span<const jobmedic::Attempt> /*past*/) const override {
    std::this_thread::sleep_for(delay);
    std::vector<jobmedic::Prediction> predictions;
    for (const auto& point : candidates)
      predictions.push_back(at(value(space, point, heap, 1024), value(space, point, "spark.executor.cores", 1)));
    return predictions;
  }
  [[nodiscard]] jobmedic::Prediction at(double heap_mib, double cores) const {
    const double excess = steepness * std::log(need_mib * cores / heap_mib);
    const double p = 1 / (1 + std::exp(-excess));
    return {least_failure + (1 - least_failure) * p, scale_cost * heap_mib * (1 + 0.5 / cores) * 1e-6};
  }
  [[nodiscard]] bool learned(std::string_view parameter) const override {
    return only_learned.empty() ? parameter != not_learned : parameter == only_learned;
  }
  [[nodiscard]] const std::string& version() const noexcept override { return version_; }
  [[nodiscard]] std::string_view served_by() const noexcept override { return "builtin"; }

 private:
  static double value(const jobmedic::Space& space, const jobmedic::Point& point, const std::string& name,
                      double otherwise) {
    for (std::size_t i = 0; i < point.size(); ++i) {
      if (space.parameters[i].name == name && !std::isnan(point[i])) return point[i];
    }
    return otherwise;
  }
  std::string version_ = "cliff.1";
};

inline jobmedic::Attempt spark_attempt(std::string config) {
  jobmedic::Attempt attempt;
  attempt.job = "nightly";
  attempt.run = "r1";
  attempt.engine = "spark";
  attempt.config = std::move(config);
  return attempt;
}

inline jobmedic::Classification memory_verdict(std::string rule) {
  jobmedic::Classification verdict;
  verdict.classified = true;
  verdict.rule = std::move(rule);
  verdict.category = "memory_config";
  return verdict;
}
