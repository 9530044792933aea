#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/store.hpp"
#include "store/sqlite/connection.hpp"

namespace jobmedic::sqlite {

/// A version is saved once: the same weights again change nothing, others are refused.
void write_model(Connection& connection, const ModelVersion& version, std::string_view weights, bool serve);
std::vector<ModelVersion> read_models(Connection& connection);
/// Size and hash checked.
std::optional<std::string> read_serving_model(Connection& connection);
std::string read_serving_version(Connection& connection);

}  // namespace jobmedic::sqlite
