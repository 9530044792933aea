#include "store/candidates.hpp"

#include "core/time.hpp"

namespace jobmedic {

Candidates::Candidates(std::vector<StoredPatch> patches) {
  for (const StoredPatch& patch : patches) heads_.push_back({patch.id, patch.layer});
  read_ = [patches = std::move(patches)](std::size_t index) { return patches.at(index); };
}

std::vector<StoredPatch> Candidates::read_all() const {
  std::vector<StoredPatch> patches;
  for (std::size_t i = 0; i < heads_.size(); ++i) patches.push_back(read(i));
  return patches;
}

std::vector<StoredPatch> Store::patches_for(const Attempt& attempt, std::string_view now) const {
  std::vector<StoredPatch> patches;
  with_candidates(attempt, now, [&](const Candidates& candidates) { patches = candidates.read_all(); });
  return patches;
}

Precedence precedence_of(const StoredPatch& patch) {
  const auto created = parse_time(patch.created_at);
  return {patch.priority, patch.scope.size(), created ? created->time_since_epoch().count() : 0, patch.id};
}

}  // namespace jobmedic
