#pragma once
#include <string>
#include <vector>

#include "core/time.hpp"
#include "jobmedic/engine.hpp"

namespace jobmedic {

/// What the store keeps of a recommendation, for the attempt's job and engine. A recommendation speaks of the failed
/// attempt's configuration; a patch is applied to the job's own. So what the last of the `earlier` ones (candidates, in
/// order) changed in the failed attempt is carried over. It is for attempts of the same plan.
StoredPatch patch_to_save(const Attempt& failed, const Recommendation& recommendation,
                          const std::vector<StoredPatch>& earlier, const Space& space, TimePoint now);

/// The operations of `first` on paths that `second` leaves alone, then those of `second`.
std::string one_after_the_other(const std::string& first, const std::string& second);

}  // namespace jobmedic
