#include "store/sql/models.hpp"

#include <fmt/format.h>

#include "core/hash.hpp"
#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "store/sql/failure.hpp"
#include "store/sql/promotions.hpp"
#include "store/sql/query.hpp"

namespace jobmedic::sql {
namespace {

// The columns bytes, hash, weights of a row.
std::string checked(Connection& connection, const Query& row, std::string_view version) {
  std::string weights = row.text(2);
  if (static_cast<std::int64_t>(weights.size()) != row.integer(0) || hash128_hex(weights) != row.text(1)) {
    fail(connection.url(), fmt::format("model \"{}\" is damaged: its size or hash is not what was saved; "
                                       "promote another version or train again",
                                       version));
  }
  return weights;
}

}  // namespace

void write_model(Connection& connection, const ModelVersion& version, std::string_view weights,
                 std::span<const std::string> folds) {
  const std::string hash = hash128_hex(weights);
  const std::string created = version.created_at.empty() ? format_time(now()) : version.created_at;
  Query(connection,
        "INSERT INTO models(version, created_at, report, bytes, hash, weights) VALUES(?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        version.version, created, version.report.empty() ? "{}" : version.report,
        static_cast<std::int64_t>(weights.size()), hash, Blob{weights})
      .run();
  Query saved(connection, "SELECT hash FROM models WHERE version = ?", version.version);
  if (!saved.step() || saved.text(0) != hash) {
    fail(connection.url(),
         fmt::format("has a model \"{}\" already, with other weights: choose another version", version.version));
  }
  Query(connection, "INSERT INTO model_kinds(version, kind) VALUES(?, ?) ON CONFLICT DO NOTHING", version.version,
        name_of(version.kind))
      .run();
  for (std::size_t fold = 0; fold < folds.size(); ++fold) {
    Query(connection,
          "INSERT INTO fold_models(version, fold, bytes, hash, weights) VALUES(?, ?, ?, ?, ?) "
          "ON CONFLICT DO NOTHING",
          version.version, static_cast<std::int64_t>(fold), static_cast<std::int64_t>(folds[fold].size()),
          hash128_hex(folds[fold]), Blob{folds[fold]})
        .run();
  }
}

std::vector<ModelVersion> read_models(Connection& connection) {
  std::vector<ModelVersion> models;
  {
    Query rows(connection,
               "SELECT version, created_at, report, bytes, kind FROM models JOIN model_kinds USING(version) "
               "ORDER BY created_at, models.rowid");
    while (rows.step()) {
      models.push_back({rows.text(0), rows.text(1), rows.text(2), false, static_cast<std::uint64_t>(rows.integer(3)),
                        kind_of(connection, rows.text(4))});
    }
  }
  for (const ModelKind kind : {ModelKind::recommend, ModelKind::forecast}) {
    const std::string serving = read_serving_version(connection, kind);
    for (ModelVersion& model : models) model.serving = model.serving || model.version == serving;
  }
  return models;
}

std::optional<StoredModel> read_serving_model(Connection& connection, ModelKind kind) {
  std::string version = read_serving_version(connection, kind);
  auto weights = version.empty() ? std::nullopt : read_model(connection, version);
  if (!weights) return std::nullopt;
  return StoredModel{std::move(version), std::move(*weights)};
}

ModelKind kind_of(Connection& connection, const std::string& name) {
  try {
    return model_kind_named(name);
  } catch (const Error& error) {
    fail(connection.url(), fmt::format("model_kinds: {}", error.what()));
  }
}

std::optional<ModelKind> read_kind(Connection& connection, std::string_view version) {
  Query row(connection, "SELECT kind FROM model_kinds WHERE version = ?", version);
  if (!row.step()) return std::nullopt;
  return kind_of(connection, row.text(0));
}

std::optional<std::string> read_model(Connection& connection, std::string_view version) {
  Query row(connection, "SELECT bytes, hash, weights FROM models WHERE version = ?", version);
  if (!row.step()) return std::nullopt;
  return checked(connection, row, version);
}

std::vector<std::string> read_fold_models(Connection& connection, std::string_view version) {
  std::vector<std::string> folds;
  Query rows(connection, "SELECT bytes, hash, weights FROM fold_models WHERE version = ? ORDER BY fold", version);
  while (rows.step()) folds.push_back(checked(connection, rows, version));
  return folds;
}

}  // namespace jobmedic::sql
