#pragma once
#include <vector>

#include "jobmedic/engine.hpp"
#include "jobmedic/space.hpp"

namespace jobmedic {

/// The attempt's configuration with the patches that apply to it: of the candidates, in the store's order, the last one
/// that can be applied, and before it those marked `layer`.
ConfigAnswer mutate(const Attempt& attempt, std::vector<StoredPatch> candidates, const Space& space);

}  // namespace jobmedic
