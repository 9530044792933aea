#pragma once
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "rightsize/expert.hpp"

namespace jobmedic::sizing {

struct Sizing {
  double allocation = 0;
  double failure_probability = 0;  ///< that the run needs more
  double expected_waste = 0;       ///< per unit of time: what is left unused, and what failed tries held
};

/// Learns from finished runs what the next one needs, one kind of run and one resource at a time: a Bayesian average of
/// experts, weighted by how probable each found the peaks it was shown, and the allocation of least expected waste
/// under it. A failed try is paid in full, and a price beside that is the same for every run of the kind, however
/// small: where a margin is cheap, because runs are small or short, it is wide. So the costs set the margin, not a
/// constant: of all that cause as much waste, these margins let the fewest runs fail (Lagrange: one price for all). At
/// most a millisecond for both calls, whatever the history: the latest 256 runs are looked at. Not for threads at once.
class Sizer {
 public:
  /// `failure_price`: of a failure beside what it held, in units of peak x duration; `failure_price_runs`: more of it,
  /// in units of what the mean run holds (its peak x its duration), so that it fits jobs of every size.
  explicit Sizer(std::size_t features = 1, double failure_price = 0, double failure_price_runs = 0);

  /// A run has finished. One without a positive, finite peak is ignored.
  void observe(Observation run);
  /// The next allocation, or none with fewer than two runs. `max_failure_probability`: never chosen above it, whatever
  /// the waste. `most`: exceeded only where that risk demands it. How long the run will hold it is the same for all
  /// candidates; only a failure's price is set against it.
  [[nodiscard]] std::optional<Sizing> size(std::span<const double> features, double max_failure_probability = 1,
                                           double most = std::numeric_limits<double>::infinity());
  /// What to try after a run failed with `failed`: a little above the largest peak, else half as much again of a third.
  [[nodiscard]] double retry(double failed) const;

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] double largest() const { return largest_; }
  [[nodiscard]] const std::vector<Observation>& recent() const { return runs_; }

 private:
  struct Weighed {
    double weight;
    const Prediction* prediction;
  };
  using Answers = std::vector<std::optional<Prediction>>;
  /// Of every expert that can say something; kept until the next run, which is sized and then observed.
  const Answers& ask(std::span<const double> features);
  /// Those that count, the weightiest first; they point into `answers`.
  [[nodiscard]] std::vector<Weighed> weigh(const Answers& answers) const;
  /// A failure's price per unit of the time that a run with these features takes.
  [[nodiscard]] double price(std::span<const double> features) const;

  std::vector<Expert> experts_;
  std::vector<double> evidence_;  // of each expert: logarithm of the probability it gave to what came
  std::vector<Observation> runs_;
  std::optional<std::vector<double>> asked_;  // the features that answers_ are to
  Answers answers_;
  std::size_t features_;
  double failure_price_;
  double failure_price_runs_;
  std::size_t count_ = 0;
  double largest_ = 0;
};

}  // namespace jobmedic::sizing
