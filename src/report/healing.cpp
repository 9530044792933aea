#include "report/healing.hpp"

#include <algorithm>

namespace jobmedic::reported {

void HealingCount::add(const Run& run) {
  const auto failed = std::find_if(run.tries.begin(), run.tries.end(), [](const Try& it) {
    return it.failed() && it.attempt->outcome->category == "memory_config";
  });
  if (failed == run.tries.end() || !failed->counts) return;
  const auto first = std::next(failed);
  if (first == run.tries.end()) ++not_retried_;
  const auto end = first + std::min<std::ptrdiff_t>(3, run.tries.end() - first);
  const auto healed = std::find_if(first, end, [](const Try& it) { return it.succeeded(); });
  const bool worked = healed != end;
  const bool patched = worked && healed->patched;
  at_first_.add(run.job, worked && healed == first);
  within_three_.add(run.job, worked);
  at_first_patched_.add(run.job, patched && healed == first);
  within_three_patched_.add(run.job, patched);
}

Healing HealingCount::tell() const {
  return {at_first_.share(), within_three_.share(), at_first_patched_.share(), within_three_patched_.share(),
          not_retried_};
}

}  // namespace jobmedic::reported
