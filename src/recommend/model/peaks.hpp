#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "core/random.hpp"
#include "jobmedic/attempt.hpp"
#include "jobmedic/space.hpp"

/// A success with a known peak tells what any other amount of memory would have done: below the peak the job dies.
namespace jobmedic::model {

/// `labels.peak` names the metric, in bytes, that holds what the job needed of its memory limit.
struct Peak {
  std::size_t parameter = 0;  ///< the limit: the first amount of memory that the configuration has
  double least = 0;           ///< that works, in the parameter's unit, rounded up
  double given = 0;           ///< what the recorded run had
  std::string metric;
};

/// None where the attempt failed, has no such label or metric, or no memory limit.
std::optional<Peak> peak_of(const Attempt& attempt, const Space& space);

/// The share of its need that a run which dies is given: log-uniform in [1/8, 1).
constexpr double least_share = 0.125;
double draw_share(Random& random);

/// The recorded run with another amount of memory: as long, at the same price for a unit of memory. Of its metrics
/// those named input_* are known, and the peak, at most what it was given. Below its need it fails of memory.
Attempt tried_with(const Attempt& recorded, const Peak& peak, const Space& space, double memory);

/// The document of `config` with another value of one parameter, as the engine writes it.
std::string with_value(const std::string& config, const Space& space, std::size_t parameter, double value);

}  // namespace jobmedic::model
