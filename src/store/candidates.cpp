#include "store/candidates.hpp"

#include <algorithm>

#include "core/time.hpp"

namespace jobmedic {

void sort_candidates(std::vector<StoredPatch>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const StoredPatch& a, const StoredPatch& b) {
    if (a.damage.empty() != b.damage.empty()) return b.damage.empty();
    if (a.priority != b.priority) return a.priority < b.priority;
    if (a.scope.size() != b.scope.size()) return a.scope.size() < b.scope.size();
    // As times, not as text: "...:00Z" and "...:00.500Z" do not sort by their bytes.
    const auto created_a = parse_time(a.created_at);
    const auto created_b = parse_time(b.created_at);
    return created_a != created_b ? created_a < created_b : a.id < b.id;
  });
}

std::vector<StoredPatch> standing(std::vector<StoredPatch> candidates) {
  if (candidates.empty()) return candidates;
  const auto last = candidates.end() - 1;
  candidates.erase(std::remove_if(candidates.begin(), last, [](const StoredPatch& patch) { return !patch.layer; }),
                   last);
  return candidates;
}

}  // namespace jobmedic
