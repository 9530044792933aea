#pragma once
#include <cstddef>
#include <optional>

#include "jobmedic/space.hpp"
#include "json/value.hpp"

namespace jobmedic {

/// What the engine would take for a parameter of its space, in the parameter's unit: what the configuration gives, or
/// the engine's default. None: it is neither set nor has a default, or cannot be read; anyone may have written it.
std::optional<double> setting(const json::Value& config, std::size_t index, const Space& space);

}  // namespace jobmedic
