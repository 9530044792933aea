#pragma once
#include <vector>

namespace jobmedic::sizing {

struct WeightedRatio {
  double ratio;   ///< what a run needed / what was predicted for it
  double weight;  ///< > 0
};

/// How far needs lie from a prediction: past ratios, each spread by a Laplace kernel, and beyond the largest a tail.
/// A kernel's tail ends within a few of its widths, but the next of n + 1 exchangeable values is the largest of all
/// with probability 1 / (n + 1), whatever their distribution (Wilks 1941; the argument of conformal prediction, Vovk et
/// al. 2005), and by how far nobody knows: so a share of that order is added to what the kernels leave there, spread as
/// a power law (Pareto: the generalized Pareto tail of extreme value theory, Pickands 1975) by the mean deviation of
/// the logarithms. Values that never differ leave it next to nothing. Each question costs one binary search: sums of
/// exponentials on both sides of a point follow from those of its neighbours.
class SmoothedResiduals {
 public:
  SmoothedResiduals() = default;
  /// `width` > 0: of the kernel; at least one ratio.
  SmoothedResiduals(std::vector<WeightedRatio> ratios, double width);

  struct Outlook {
    double exceeds;  ///< P(ratio > q)
    double unused;   ///< E[max(q - ratio, 0)]: what an allocation of q leaves unused
  };
  [[nodiscard]] Outlook at(double q) const;
  /// Of the kernels alone, `factor` times as wide.
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
  void fit_tail();

  std::vector<WeightedRatio> ratios_;
  double width_ = 1;
  double tail_share_ = 0;                               // of the probability
  double tail_scale_ = 1;                               // mean excess of the logarithm, < 1
  std::vector<double> weights_, sums_, below_, above_;  // at each ratio, itself included
};

}  // namespace jobmedic::sizing
