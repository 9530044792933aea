#pragma once
#include <string>

#include "jobmedic/recommend.hpp"
#include "jobmedic/space.hpp"
#include "jobmedic/stored_patch.hpp"

namespace jobmedic {

/// Why a patch may neither be saved nor applied: it touches a path that is no parameter of the space, sets a value
/// outside the parameter's bounds, or takes a value from elsewhere (move, copy). Empty: it may. So whatever a model
/// recommends or a store holds, nothing else can be set. Throws Error (parse, schema) on what is no patch.
std::string objection(std::string_view patch, const Space& space);

/// Why a configuration may not be used after a patch: a sum that the space limits is above its limit, and the patch
/// raised it. Settings that cannot be read count as unset. Empty: it may. Throws Error (parse).
std::string overreach(std::string_view before, std::string_view after, const Space& space);

/// Why a candidate cannot even be tried for this attempt: damaged, made for another plan, or objected to. Empty: it
/// can.
std::string unfit(const StoredPatch& patch, const Attempt& attempt, const Space& space);

/// The recommendation; without its patch, and saying so, where that is objected to.
Recommendation guarded(Recommendation recommendation, const Classification& verdict, const Space& space);

}  // namespace jobmedic
