#pragma once
#include <Eigen/Core>
#include <span>
#include <vector>

#include "jobmedic/optimizer.hpp"
#include "recommend/optimizer/acquisition.hpp"
#include "recommend/optimizer/encoding.hpp"
#include "recommend/optimizer/gaussian_process.hpp"

namespace jobmedic::optimizer {

/// What the observations say about the rest of the space: one Gaussian process per way of bending the values
/// (warp.hpp), weighted by how well each explains them. Strong bending sees the edge of a cliff, weak bending a smooth
/// valley. Borrows the encoding.
class Surrogate {
 public:
  /// `effort`, in (0, 1]: how far hyperparameters are fitted, as a part of the usual.
  explicit Surrogate(const Encoding& encoding, double effort = 1);

  /// Conditions on these, at least one of them finite and no fewer than before; hyperparameters go on from where they
  /// were.
  void condition(std::span<const Observation> observations);
  /// A point that was asked for and has no value yet: believed to come out as predicted (kriging believer).
  void believe(const Point& point);
  /// Borrows the surrogate until the next change.
  [[nodiscard]] LogExpectedImprovement acquisition() const;

 private:
  struct View {
    double bend;
    double log_prior;
    Hyperparameters hyperparameters;
    double weight = 0;
  };
  [[nodiscard]] Data data(std::span<const Observation> observations) const;
  void fit_views(std::span<const Observation> observations);

  const Encoding& encoding_;
  int warm_evaluations_;
  int cold_evaluations_;
  std::vector<View> views_;
  struct Weighted {
    GaussianProcess process;
    double weight;
  };
  std::vector<Weighted> processes_;  // of the views that have any weight
  std::size_t fitted_to_ = 0;        // observations at the last fit,
  std::size_t restarted_at_ = 0;     // and at the last one that also began anew
};

}  // namespace jobmedic::optimizer
