#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "rightsize/replay/trace.hpp"

/// What sizes the tasks of one process, one after the other.
namespace jobmedic::sizing {

class Method {
 public:
  virtual ~Method() = default;
  virtual double first(const Task& task) = 0;  ///< bytes; of `task` only what is known before it runs counts
  virtual double retry(double failed) = 0;     ///< after a try with `failed` bytes
  virtual void learn(const Task& task) = 0;
};

/// Witt et al. 2019 (feedback-based allocation): the 95th percentile of the peaks; doubles on failure.
std::unique_ptr<Method> witt_percentile();

enum class Offset { all_errors, under_predictions };
/// Witt et al. 2019: least squares on the input plus the standard deviation of relative errors, as the published code
/// of Sizey has it: `errors` is shared by all processes of a workflow and both offsets, whose order therefore matters.
std::unique_ptr<Method> witt_regression(Offset offset, std::vector<double>& errors);

/// Tovar et al. 2018 (first allocation of least waste): then the largest seen, then the node's 128 GB.
std::unique_ptr<Method> tovar();

/// Foretold failures of first tries beside those that came.
struct Foretold {
  double up_to = 1;  ///< the bin's predictions: above the bin's before, up to this
  std::size_t tasks = 0;
  double expected = 0;  ///< sum of the predictions
  std::size_t failed = 0;
};
using Calibration = std::array<Foretold, 5>;
constexpr Calibration no_calibration() {
  return {{{0.0001, 0, 0, 0}, {0.001, 0, 0, 0}, {0.01, 0, 0, 0}, {0.05, 0, 0, 0}, {1, 0, 0, 0}}};
}

/// Ours; adds to `calibration`.
std::unique_ptr<Method> adaptive(Calibration& calibration);

struct Bill {
  double gbh = 0;  ///< waste: GB x hours
  std::size_t failures = 0;
};

/// Witt et al. 2019 (low-wastage regression): lines of least waste on ten 70 % samples of the history, averaged. It
/// does not learn online. Ours replaces COBYLA by Nelder-Mead, and starts from quantile lines without their confidence
/// band, so that it comes near the published figures, not to them.
Bill witt_low_wastage(const Process& process, std::uint32_t seed);

/// What the tries of one task waste until one has enough: what each failed try held, all its time, and what the last
/// leaves unused. Relative time to failure 1.
Bill charge(Method& method, const Task& task);
constexpr double gbh(double bytes, double ms) {
  return bytes * 1e-9 * (ms / 3'600'000);
}

}  // namespace jobmedic::sizing
