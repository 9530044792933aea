#include "store/postgresql/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "jobmedic/version.hpp"
#include "store/postgresql/failure.hpp"
#include "store/sql/failure.hpp"
#include "store/sql/patches.hpp"

namespace jobmedic::postgresql {
namespace {

constexpr std::int64_t lock_of_schema = 0x4A4D6564;  // "JMed": advisory locks of a database share their numbers

// The tables of the SQLite store, column by column. Texts are BYTEA: any byte may stand in them, they sort by their
// bytes, and none is converted. Step N brings a schema from N to N + 1. A published step never changes: write a new
// one.
constexpr std::array<const char*, 3> steps = {R"sql(
  CREATE TABLE attempts(
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job BYTEA NOT NULL, run BYTEA NOT NULL, attempt BIGINT NOT NULL,
    recorded BIGINT NOT NULL, started_at BYTEA NOT NULL, ended BIGINT NOT NULL, document BYTEA NOT NULL,
    UNIQUE(job, run, attempt));
  CREATE INDEX attempts_by_recorded ON attempts(job, recorded);

  CREATE TABLE patches(
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE, scope_key BYTEA NOT NULL, expires_ms BIGINT NOT NULL, uses_left BIGINT,
    document BYTEA NOT NULL, activates_ms BIGINT NOT NULL, disabled BIGINT NOT NULL, priority BIGINT NOT NULL,
    layer BIGINT NOT NULL, created_ms BIGINT NOT NULL);
  CREATE INDEX patches_by_scope ON patches(
    scope_key, expires_ms, disabled, uses_left, activates_ms, priority, layer, created_ms, id);
  CREATE SEQUENCE patch_ids;
  CREATE TABLE scope_kinds(kind BYTEA PRIMARY KEY);

  CREATE TABLE uses(
    patch BYTEA NOT NULL REFERENCES patches(id) ON DELETE CASCADE,
    job BYTEA NOT NULL, run BYTEA NOT NULL, attempt BIGINT NOT NULL, shown BYTEA NOT NULL DEFAULT '',
    PRIMARY KEY(patch, job, run, attempt));
  CREATE INDEX uses_by_attempt ON uses(job, run, attempt);

  CREATE TABLE patch_changes(
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ms BIGINT NOT NULL, who BYTEA NOT NULL, action BYTEA NOT NULL, why BYTEA NOT NULL,
    patch BYTEA NOT NULL, before BYTEA, after BYTEA);
  CREATE INDEX patch_changes_by_patch ON patch_changes(patch, number);
  CREATE TABLE automation(
    "only" BIGINT PRIMARY KEY CHECK("only" = 1),
    stopped BIGINT NOT NULL, since_ms BIGINT NOT NULL, who BYTEA NOT NULL, why BYTEA NOT NULL);

  CREATE TABLE remediations(
    rowid BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    job BYTEA NOT NULL, run BYTEA NOT NULL, attempt BIGINT NOT NULL, document BYTEA NOT NULL,
    at_ms BIGINT NOT NULL, restart BIGINT NOT NULL,
    PRIMARY KEY(job, run, attempt));
  CREATE TABLE unclassified(
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job BYTEA NOT NULL, run BYTEA NOT NULL, attempt BIGINT NOT NULL, document BYTEA NOT NULL,
    UNIQUE(job, run, attempt));

  CREATE TABLE models(
    rowid BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    version BYTEA PRIMARY KEY, created_at BYTEA NOT NULL, report BYTEA NOT NULL,
    bytes BIGINT NOT NULL, hash BYTEA NOT NULL, weights BYTEA NOT NULL);
  CREATE TABLE fold_models(
    version BYTEA NOT NULL REFERENCES models(version), fold BIGINT NOT NULL,
    bytes BIGINT NOT NULL, hash BYTEA NOT NULL, weights BYTEA NOT NULL,
    PRIMARY KEY(version, fold));
  CREATE TABLE promotions(
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version BYTEA NOT NULL REFERENCES models(version), before BIGINT REFERENCES promotions(number),
    at BYTEA NOT NULL, kind BYTEA NOT NULL, who BYTEA NOT NULL, reason BYTEA NOT NULL);

  -- The last commit of each connection that wrote: what is asked where its answer was lost. Room in each page, so that
  -- an update touches no index.
  CREATE TABLE writers(
    id BYTEA PRIMARY KEY, commits BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL DEFAULT now()) WITH (fillfactor = 10);
)sql",
                                              R"sql(
  ALTER TABLE patches ADD COLUMN job BYTEA NOT NULL DEFAULT '';
  DROP INDEX patches_by_scope;
  CREATE INDEX patches_by_scope ON patches(
    job, scope_key, expires_ms, disabled, uses_left, activates_ms, priority, layer, created_ms, id);
)sql",
                                              R"sql(
  CREATE TABLE model_kinds(version BYTEA PRIMARY KEY REFERENCES models(version), kind BYTEA NOT NULL);
  INSERT INTO model_kinds SELECT version, CAST('recommend' AS BYTEA) FROM models;
)sql"};
constexpr std::int64_t first_with_jobs = 2;  // the schema that keeps the jobs of patches in a column

constexpr auto known = static_cast<std::int64_t>(steps.size());

// None: no jobmedic has been here.
std::optional<std::int64_t> schema_of(Connection& connection, const Location& location) {
  const auto count = [&](const char* of) { return connection.integer(of) != 0; };
  if (!count("SELECT count(*) FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace('jobmedic')")) {
    return std::nullopt;
  }
  if (!count("SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'jobmedic' AND tablename = 'schema'")) {
    sql::fail(location.url, "its schema \"jobmedic\" is another application's: choose another database");
  }
  const std::int64_t schema = connection.integer("SELECT number FROM \"schema\"");
  if (schema <= known) return schema;
  throw Error(Status::store,
              fmt::format("store {} is from schema {}; this jobmedic {} knows up to {}: upgrade jobmedic", location.url,
                          schema, version(), known));
}

bool current(Connection& connection, const Location& location, const Deadline& deadline) {
  connection.begin(Connection::Kind::read, deadline);
  const auto schema = schema_of(connection, location);
  connection.commit();
  if (!schema && (location.options.read_only || !location.options.create)) {
    sql::fail(location.url, "has no tables of jobmedic yet: open it once for writing, as with jobmedic history import");
  }
  return schema == known;
}

void migrate(Connection& connection, const Location& location, const Deadline& deadline) {
  connection.begin(Connection::Kind::schema, deadline);
  connection.run(fmt::format("SELECT pg_advisory_xact_lock({})", lock_of_schema));
  const auto schema = schema_of(connection, location);  // again: another process may have been first
  if (!schema) {
    connection.run(
        "CREATE SCHEMA IF NOT EXISTS jobmedic;"
        "CREATE TABLE \"schema\"(\"only\" BIGINT PRIMARY KEY CHECK(\"only\" = 1), number BIGINT NOT NULL);"
        "INSERT INTO \"schema\" VALUES(1, 0)");
  }
  for (std::int64_t step = schema.value_or(0); step < known; ++step) {
    connection.run(steps[static_cast<std::size_t>(step)]);
  }
  if (schema && *schema < first_with_jobs) sql::fill_jobs(connection);
  connection.run(fmt::format("UPDATE \"schema\" SET number = {}", known));
  connection.commit();
}

// A commit is asked after within minutes, if at all.
void forget_old_writers(Connection& connection, const Deadline& deadline) {
  try {
    connection.begin(Connection::Kind::schema, deadline);
    connection.run(
        "DELETE FROM writers WHERE id IN"
        "(SELECT id FROM writers WHERE at < now() - interval '1 day' FOR UPDATE SKIP LOCKED)");
    connection.commit();
  } catch (const Failure& failure) {  // who has no right to write may read all the same
    if (failure.kind() == Failure::Kind::lost || !connection.settle()) throw;
  }
}

}  // namespace

void prepare(Connection& connection, const Location& location, const Deadline& deadline) {
  if (!current(connection, location, deadline)) migrate(connection, location, deadline);
  if (!location.options.read_only) forget_old_writers(connection, deadline);
}

}  // namespace jobmedic::postgresql
