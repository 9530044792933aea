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

std::optional<Current> current(Connection& connection) {
  Query row(connection, "SELECT number, version, before FROM promotions ORDER BY number DESC LIMIT 1");
  if (!row.step()) return std::nullopt;
  return Current{row.integer(0), row.text(1), row.null(2) ? std::nullopt : std::optional(row.integer(2))};
}

void need_intact(Connection& connection, const std::string& version) {
  if (read_model(connection, version)) return;
  throw Error(Status::invalid_argument,
              fmt::format("store {} has no model \"{}\": see jobmedic models list", connection.url(), version));
}

void insert(Connection& connection, const Promotion& p, const std::optional<std::int64_t>& before) {
  Query(connection, "INSERT INTO promotions(version, before, at, kind, who, reason) VALUES(?, ?, ?, ?, ?, ?)",
        p.version, before, p.at, p.kind, p.by, p.reason)
      .run();
}

}  // namespace

bool write_promotion(Connection& connection, const Promotion& promotion, const std::optional<std::string>& if_serving) {
  const auto serving = current(connection);
  if (if_serving && *if_serving != (serving ? serving->version : "")) return false;
  need_intact(connection, promotion.version);
  if (serving && serving->version == promotion.version) return true;
  Promotion dated = promotion;
  if (dated.at.empty()) dated.at = format_time(now());
  if (dated.by.empty()) dated.by = this_user();
  insert(connection, dated, serving ? std::optional(serving->number) : std::nullopt);
  return true;
}

Promotion write_rollback(Connection& connection, const Promotion& wish) {
  const auto serving = current(connection);
  if (!serving) throw Error(Status::invalid_argument, "no model is in service: there is nothing to roll back");
  if (!serving->before) {
    throw Error(Status::invalid_argument,
                fmt::format("model \"{}\" was the first in service: there is none before it", serving->version));
  }
  Query row(connection, "SELECT version, before FROM promotions WHERE number = ?", *serving->before);
  if (!row.step()) fail(connection.url(), fmt::format("promotions: row {} is missing", *serving->before));
  Promotion rollback = wish;
  rollback.version = row.text(0);
  rollback.kind = "rolled back";
  if (rollback.at.empty()) rollback.at = format_time(now());
  if (rollback.by.empty()) rollback.by = this_user();
  need_intact(connection, rollback.version);
  insert(connection, rollback, row.null(1) ? std::nullopt : std::optional(row.integer(1)));
  return rollback;
}

std::vector<Promotion> read_promotions(Connection& connection) {
  std::vector<Promotion> promotions;
  Query rows(connection, "SELECT version, at, kind, who, reason FROM promotions ORDER BY number");
  while (rows.step()) {
    promotions.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4)});
  }
  return promotions;
}

std::string read_serving_version(Connection& connection) {
  Query row(connection, "SELECT version FROM promotions ORDER BY number DESC LIMIT 1");
  return row.step() ? row.text(0) : std::string();
}

}  // namespace jobmedic::sql
