#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "engine.hpp"
#include "jobmedic/store.hpp"

namespace jobmedic::capi {

/// JSON Lines of jobmedic.attempt/1; empty lines are skipped. Throws Error: parse, schema, with the line.
std::vector<Attempt> parse_history(std::string_view json_lines);

/// A connection of its own to the engine's store. Throws Error: invalid_argument where the engine has none, store.
std::unique_ptr<Store> open_store(const jobmedic_engine& engine);

}  // namespace jobmedic::capi
