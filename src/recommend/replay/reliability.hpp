#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "recommend/replay/tally.hpp"

/// Are predicted probabilities what happened? On jobs that the model was not trained on.
namespace jobmedic::replayed {

/// One prediction and what came of it.
struct Foretold {
  std::uint32_t job = 0;
  double probability = 0;
  bool failed = false;
  double weight = 1;
};

struct Bin {
  double weight = 0;
  double squares = 0;  ///< of weights
  double predicted = 0;
  double observed = 0;
};

struct Reliability {
  std::size_t examples = 0;
  std::size_t jobs = 0;
  std::vector<Bin> bins;  ///< mean predicted and observed; tenths of the probability, empty ones left out
  double error = 0;       ///< debiased
  Interval interval;      ///< by job
  std::string verdict;    ///< "good" (at most `acceptable` even at the interval's upper end), "bad" or "undecided"
};

constexpr double acceptable = 0.05;

/// The root of the mean squared distance of predicted and observed, less what chance alone would make of it (Kumar,
/// Liang and Ma 2019); its interval by a bootstrap over jobs.
Reliability reliability(std::span<const Foretold> foretold, int resamples, std::uint64_t seed);

}  // namespace jobmedic::replayed
