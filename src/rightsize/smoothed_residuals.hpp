#pragma once
#include <vector>

namespace jobmedic::sizing {

struct WeightedRatio {
  double ratio;   ///< what a run needed / what was predicted for it
  double weight;  ///< > 0
};

/// How far needs lie from a prediction: past ratios, each spread by a Laplace kernel, so that a need beyond the largest
/// seen has a probability, too. Each question costs one binary search: sums of exponentials on both sides of a point
/// follow from those of its neighbours.
class SmoothedResiduals {
 public:
  SmoothedResiduals() = default;
  /// `width` > 0: of the kernel; at least one ratio.
  SmoothedResiduals(std::vector<WeightedRatio> ratios, double width);

  /// P(ratio > q)
  [[nodiscard]] double exceeds(double q) const;
  /// E[max(q - ratio, 0)]: what an allocation of q leaves unused.
  [[nodiscard]] double unused(double q) const;
  /// Of the distribution with a kernel `factor` times as wide.
  [[nodiscard]] double density(double ratio, double factor) const;
  [[nodiscard]] double largest() const { return ratios_.back().ratio; }
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] const std::vector<WeightedRatio>& ratios() const { return ratios_; }  ///< ascending

 private:
  struct Around {
    double weight_below;  // of the ratios up to q
    double sum_below;     // their weighted sum
    double decay;         // sum of weight * exp(-distance / width), those below
    double growth;        // those above
  };
  [[nodiscard]] Around around(double q) const;

  std::vector<WeightedRatio> ratios_;
  double width_ = 1;
  std::vector<double> weights_, sums_, below_, above_;  // at each ratio, itself included
};

}  // namespace jobmedic::sizing
