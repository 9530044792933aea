#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/store.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// A version is saved once: the same weights again change nothing, others are refused.
void write_model(Connection& connection, const ModelVersion& version, std::string_view weights,
                 std::span<const std::string> folds);
std::vector<ModelVersion> read_models(Connection& connection);
/// Size and hash checked, as are the others.
std::optional<StoredModel> read_serving_model(Connection& connection, ModelKind kind);
/// As model_kinds names it. Throws Error (store): no kind is named so.
ModelKind kind_of(Connection& connection, const std::string& name);
/// None: there is no such version.
std::optional<ModelKind> read_kind(Connection& connection, std::string_view version);
std::optional<std::string> read_model(Connection& connection, std::string_view version);
std::vector<std::string> read_fold_models(Connection& connection, std::string_view version);

}  // namespace jobmedic::sql
