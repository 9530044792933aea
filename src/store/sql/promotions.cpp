#include "store/sql/promotions.hpp"

#include <fmt/format.h>

#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "store/sql/failure.hpp"
#include "store/sql/models.hpp"
#include "store/sql/query.hpp"
#include "store/this_user.hpp"

namespace jobmedic::sql {
namespace {

struct Current {
  std::int64_t number = 0;
  std::string version;
  std::optional<std::int64_t> before;
};

// The kinds stand in a table of their own: a column behind the weights would cost reading them.
std::optional<Current> current(Connection& connection, ModelKind kind) {
  Query row(connection,
            "SELECT promotions.number, version, promotions.before FROM promotions JOIN model_kinds USING(version) "
            "WHERE model_kinds.kind = ? ORDER BY promotions.number DESC LIMIT 1",
            name_of(kind));
  if (!row.step()) return std::nullopt;
  return Current{row.integer(0), row.text(1), row.null(2) ? std::nullopt : std::optional(row.integer(2))};
}

ModelKind needed_kind(Connection& connection, const std::string& version) {
  if (const auto kind = read_kind(connection, version)) return *kind;
  throw Error(Status::invalid_argument,
              fmt::format("store {} has no model \"{}\": see jobmedic models list", connection.url(), version));
}

// Throws where its weights are not what was saved.
void need_intact(Connection& connection, const std::string& version) {
  static_cast<void>(read_model(connection, version));
}

void insert(Connection& connection, const Promotion& p, const std::optional<std::int64_t>& before) {
  Query(connection, "INSERT INTO promotions(version, before, at, kind, who, reason) VALUES(?, ?, ?, ?, ?, ?)",
        p.version, before, p.at, p.kind, p.by, p.reason)
      .run();
}

}  // namespace

bool write_promotion(Connection& connection, const Promotion& promotion, const std::optional<std::string>& if_serving) {
  const auto serving = current(connection, needed_kind(connection, promotion.version));
  if (if_serving && *if_serving != (serving ? serving->version : "")) return false;
  need_intact(connection, promotion.version);
  if (serving && serving->version == promotion.version) return true;
  Promotion dated = promotion;
  if (dated.at.empty()) dated.at = format_time(now());
  if (dated.by.empty()) dated.by = this_user();
  insert(connection, dated, serving ? std::optional(serving->number) : std::nullopt);
  return true;
}

Promotion write_rollback(Connection& connection, const Promotion& wish, ModelKind kind) {
  const auto serving = current(connection, kind);
  if (!serving) {
    throw Error(Status::invalid_argument, fmt::format("no {} is in service: there is nothing to roll back",
                                                      kind == ModelKind::forecast ? "forecast model" : "model"));
  }
  if (!serving->before) {
    throw Error(Status::invalid_argument,
                fmt::format("model \"{}\" was the first in service: there is none before it", serving->version));
  }
  Query row(connection, "SELECT version, before FROM promotions WHERE number = ?", *serving->before);
  if (!row.step()) fail(connection.url(), fmt::format("promotions: row {} is missing", *serving->before));
  Promotion rollback = wish;
  rollback.version = row.text(0);
  rollback.kind = "rolled back";
  rollback.of = kind;
  if (rollback.at.empty()) rollback.at = format_time(now());
  if (rollback.by.empty()) rollback.by = this_user();
  need_intact(connection, rollback.version);
  insert(connection, rollback, row.null(1) ? std::nullopt : std::optional(row.integer(1)));
  return rollback;
}

std::vector<Promotion> read_promotions(Connection& connection) {
  std::vector<Promotion> promotions;
  Query rows(connection,
             "SELECT version, at, promotions.kind, who, reason, model_kinds.kind FROM promotions "
             "JOIN model_kinds USING(version) ORDER BY number");
  while (rows.step()) {
    promotions.push_back(
        {rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), kind_of(connection, rows.text(5))});
  }
  return promotions;
}

std::string read_serving_version(Connection& connection, ModelKind kind) {
  const auto serving = current(connection, kind);
  return serving ? serving->version : std::string();
}

}  // namespace jobmedic::sql
