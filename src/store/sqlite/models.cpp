#include "store/sqlite/models.hpp"

#include <fmt/format.h>

#include "core/hash.hpp"
#include "core/time.hpp"
#include "store/sqlite/failure.hpp"
#include "store/sqlite/query.hpp"

namespace jobmedic::sqlite {

void write_model(Connection& connection, const ModelVersion& version, std::string_view weights, bool serve) {
  const std::string hash = hash128_hex(weights);
  const std::string created = version.created_at.empty() ? format_time(now()) : version.created_at;
  Query(connection,
        "INSERT OR IGNORE INTO models(version, created_at, report, bytes, hash, weights) VALUES(?, ?, ?, ?, ?, ?)",
        version.version, created, version.report.empty() ? "{}" : version.report,
        static_cast<std::int64_t>(weights.size()), hash, Blob{weights})
      .run();
  Query saved(connection, "SELECT hash FROM models WHERE version = ?", version.version);
  if (!saved.step() || saved.text(0) != hash) {
    fail(connection.location(),
         fmt::format("has a model \"{}\" already, with other weights: choose another version", version.version));
  }
  if (!serve) return;
  Query(connection,
        "INSERT INTO serving(only, version) VALUES(1, ?) ON CONFLICT(only) DO UPDATE SET version = excluded.version",
        version.version)
      .run();
}

std::vector<ModelVersion> read_models(Connection& connection) {
  std::vector<ModelVersion> models;
  Query rows(connection,
             "SELECT version, created_at, report, bytes, version = (SELECT version FROM serving) FROM models "
             "ORDER BY created_at, version");
  while (rows.step()) {
    models.push_back(
        {rows.text(0), rows.text(1), rows.text(2), rows.integer(4) != 0, static_cast<std::uint64_t>(rows.integer(3))});
  }
  return models;
}

std::optional<std::string> read_serving_model(Connection& connection) {
  Query row(connection,
            "SELECT version, bytes, hash, weights FROM models WHERE version = (SELECT version FROM serving)");
  if (!row.step()) return std::nullopt;
  std::string weights = row.text(3);
  if (static_cast<std::int64_t>(weights.size()) != row.integer(1) || hash128_hex(weights) != row.text(2)) {
    fail(connection.location(), fmt::format("model \"{}\" is damaged: its size or hash is not what was saved; "
                                            "serve another version or train again",
                                            row.text(0)));
  }
  return weights;
}

std::string read_serving_version(Connection& connection) {
  Query row(connection, "SELECT version FROM serving");
  return row.step() ? row.text(0) : std::string();
}

}  // namespace jobmedic::sqlite
