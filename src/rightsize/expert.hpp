#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "rightsize/smoothed_residuals.hpp"

/// One way to predict what a run needs from what is known before it.
namespace jobmedic::sizing {

struct Observation {
  std::vector<double> features;  ///< known before the run; NaN: unknown
  double peak = 0;               ///< what it needed, > 0
  double duration = 0;           ///< how long it held it
};

enum class Shape {
  constant,  ///< the mean
  line,      ///< least squares on the feature
  power,     ///< least squares on logarithms
  nearest,   ///< the runs with the nearest inputs
  curve      ///< locally weighted line on logarithms (LOESS, Cleveland 1979)
};

struct Expert {
  Shape shape = Shape::constant;
  std::size_t feature = 0;
  /// Trust past errors by how near their inputs were; of `nearest`: the one nearest run alone, not three.
  bool local = false;
};

/// What an expert says about the next run: `predicted` times a ratio drawn from `residuals`, which are the ratios of
/// runs to what the others predict of them (leave one out).
struct Prediction {
  double predicted = 0;
  SmoothedResiduals residuals;
  [[nodiscard]] SmoothedResiduals::Outlook at(double allocation) const {
    const auto [exceeds, unused] = residuals.at(allocation / predicted);
    return {exceeds, predicted * unused};
  }
  [[nodiscard]] double density(double peak) const;
  [[nodiscard]] double largest() const { return predicted * residuals.largest(); }
  [[nodiscard]] double width() const { return predicted * residuals.width(); }
};

/// The runs an expert can learn from, by its feature: ascending, with logarithms.
struct Sorted {
  std::vector<double> x, y, log_x, log_y;
};
Sorted sorted(std::span<const Observation> runs, std::size_t feature);

/// What the others predict of each run, and all of them of the next, at `x`.
struct Fit {
  std::vector<double> left_out;
  double next = 0;
};
/// `runs` has at least two, `x` is finite. Experts of one shape on one feature share it, but for `nearest`.
Fit fitted(const Expert& expert, const Sorted& runs, double x);
Prediction predict(const Expert& expert, const Sorted& runs, double x, const Fit& fit);

}  // namespace jobmedic::sizing
