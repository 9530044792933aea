#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "jobmedic/space.hpp"

/// Bayesian optimization of an expensive function over a mixed space, by ask and tell. Minimises.
/// Gaussian process with a Matern-5/2 ARD kernel (Rasmussen and Williams 2006), hyperparameters fitted by MAP,
/// over several warpings of the values; candidates by log expected improvement (Ament et al. 2023) after the centre of
/// the space and a scrambled Sobol start (Owen 1998). Same seed, same answers.
namespace jobmedic {

struct OptimizerOptions {
  std::uint64_t seed = 0;
  int initial_points = 0;  ///< the centre and Sobol points before the model takes over; 0: six
  /// In (0, 1]: which part of the usual search each candidate is worth. Less where a trial takes microseconds.
  double effort = 1;
};

struct Observation {
  Point point;
  double value = 0;  ///< smaller is better; NaN or infinite: the trial failed, and the region is avoided
};

/// Belongs to one thread at a time; starts none.
class Optimizer {
 public:
  explicit Optimizer(Space space, const OptimizerOptions& options = {});
  Optimizer(Optimizer&&) noexcept;
  Optimizer& operator=(Optimizer&&) noexcept;
  ~Optimizer();

  /// The next `count` points to try, feasible and distinct from each other and from all told before while the space has
  /// any left; fewer (at least 1) otherwise.
  [[nodiscard]] std::vector<Point> ask(std::size_t count = 1);
  /// What was found, at a point that was asked for or any other of the space (warm start).
  /// Throws Error (invalid_argument) where the point has the wrong size or is out of bounds.
  void tell(const Point& point, double value);
  /// The best finite observation so far; none before the first.
  [[nodiscard]] std::optional<Observation> best() const;
  [[nodiscard]] std::span<const Observation> observations() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobmedic
