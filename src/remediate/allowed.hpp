#pragma once
#include <string>
#include <string_view>

#include "jobmedic/space.hpp"

namespace jobmedic {

/// Why a patch may not be applied to a configuration: it changes a path that is no parameter of the space. Empty: it
/// may. Throws Error (parse, schema) on what is no patch.
std::string objection(std::string_view patch, const Space& space);

}  // namespace jobmedic
