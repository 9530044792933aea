#include "recommend/replay/play.hpp"

namespace jobmedic::replayed {

Played play(const Case& failure, const Strategy& strategy, std::vector<Attempt> past, int tries) {
  Played played;
  Attempt failed = failure.failed;
  for (int n = 1; n <= tries; ++n) {
    const auto config = strategy(failed, past);
    played.disabled = !config;
    if (!config) return played;
    Attempt next = failure.answers->retry(failed, *config);
    played.cost_usd += next.outcome->cost_usd.value_or(0);
    if (next.outcome->succeeded) {
      played.healed_at = n;
      return played;
    }
    past.push_back(std::move(failed));
    failed = std::move(next);
  }
  return played;
}

}  // namespace jobmedic::replayed
