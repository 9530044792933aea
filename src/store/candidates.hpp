#pragma once
#include <vector>

#include "jobmedic/store.hpp"

/// Which of the patches that match an attempt count, and in which order.
namespace jobmedic {

/// Damaged ones first, then by priority, number of scope members, creation time, id.
void sort_candidates(std::vector<StoredPatch>& candidates);

/// Of sorted candidates, those that apply together: the last one, and before it those marked `layer`.
std::vector<StoredPatch> standing(std::vector<StoredPatch> candidates);

}  // namespace jobmedic
