#pragma once
#include <span>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"
#include "recommend/model/past.hpp"

/// What became of a job's own retries without a change: whether failures like this one pass by themselves.
namespace jobmedic::model {

/// Of the retries after failures of the same kind: the same rule, and the same labels.failure where no rule knew them.
/// The failed attempt counts itself where it was one.
struct Retries {
  double odds = 0;  ///< natural logarithm of failed over healed, half a retry added to each; 0: none is known
  double seen = 0;  ///< log2 of one more than how many there were
};

Retries retries_of(const Attempt& failed, const Classification& verdict, const Point& before,
                   std::span<const PastRun> past);

}  // namespace jobmedic::model
