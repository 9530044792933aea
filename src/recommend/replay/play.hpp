#pragma once
#include <vector>

#include "recommend/replay/strategies.hpp"

/// One failure under one policy, try after try.
namespace jobmedic::replayed {

struct Played {
  int healed_at = 0;      ///< the retry that worked, from 1; 0: none did
  double cost_usd = 0;    ///< of all retries, those that failed included
  bool disabled = false;  ///< the policy wanted no retry, or no further one
};

/// At most `tries` retries. `past`: the job's earlier runs, as far as they are readable; the tries of the run join
/// them.
Played play(const Case& failure, const Strategy& strategy, std::vector<Attempt> past, int tries);

}  // namespace jobmedic::replayed
