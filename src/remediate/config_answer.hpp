#pragma once
#include <vector>

#include "jobmedic/engine.hpp"
#include "jobmedic/space.hpp"

namespace jobmedic {

/// The attempt's configuration with the patches that apply to it: of the candidates the last one that can be applied,
/// and before it those marked `layer`. A patch that does not come to it is not read.
ConfigAnswer mutate(const Attempt& attempt, const Candidates& candidates, const Space& space);

/// mutate() among the patches whose scope matches, in order, and what became of each.
ConfigExplanation explain(const Attempt& attempt, const std::vector<StoredPatch>& matching, std::string_view now,
                          const Space& space);

}  // namespace jobmedic
