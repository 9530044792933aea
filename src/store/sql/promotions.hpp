#pragma once
#include <optional>
#include <string>
#include <vector>

#include "jobmedic/store.hpp"
#include "store/sql/connection.hpp"

/// Which model version of a kind is in service: the one promoted last. Every row knows the one it took over from, so
/// that each rollback goes one further back.
namespace jobmedic::sql {

/// False where another version of its kind than `if_serving` is in service. Promoting the one in service changes
/// nothing.
bool write_promotion(Connection& connection, const Promotion& promotion, const std::optional<std::string>& if_serving);
Promotion write_rollback(Connection& connection, const Promotion& wish, ModelKind kind);
std::vector<Promotion> read_promotions(Connection& connection);
std::string read_serving_version(Connection& connection, ModelKind kind);

}  // namespace jobmedic::sql
