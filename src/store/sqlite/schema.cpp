#include "store/sqlite/schema.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <chrono>

#include "jobmedic/error.hpp"
#include "jobmedic/version.hpp"
#include "store/sql/patches.hpp"
#include "store/sqlite/failure.hpp"

namespace jobmedic::sqlite {
namespace {

constexpr std::int64_t application_id = 0x4A4D6564;  // "JMed"; PRAGMA application_id, what file(1) reads

// Step N brings a store from schema N to N + 1. A published step never changes: write a new one.
constexpr std::array<const char*, 7> steps = {R"sql(
  CREATE TABLE attempts(
    id INTEGER PRIMARY KEY,           -- stable: readers page by it
    job TEXT NOT NULL, run TEXT NOT NULL, attempt INTEGER NOT NULL,
    recorded INTEGER NOT NULL,        -- grows with each record() of the job
    started_at TEXT NOT NULL,
    ended INTEGER NOT NULL,           -- an outcome was recorded for it, now or before
    document TEXT NOT NULL,
    UNIQUE(job, run, attempt));
  CREATE INDEX attempts_by_recorded ON attempts(job, recorded);

  CREATE TABLE patches(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    scope_key TEXT NOT NULL,          -- key_of(Scope) in store/scope.hpp
    expires_ms INTEGER NOT NULL,      -- since 1970; far in the future: never
    uses_left INTEGER,                -- counts down; NULL: no limit
    document TEXT NOT NULL);
  CREATE INDEX patches_by_scope ON patches(scope_key, expires_ms) WHERE uses_left IS NULL OR uses_left > 0;
  CREATE TABLE scope_kinds(kind TEXT PRIMARY KEY) WITHOUT ROWID;

  CREATE TABLE uses(
    patch TEXT NOT NULL REFERENCES patches(id) ON DELETE CASCADE,
    job TEXT NOT NULL, run TEXT NOT NULL, attempt INTEGER NOT NULL,
    PRIMARY KEY(patch, job, run, attempt)) WITHOUT ROWID;

  CREATE TABLE remediations(
    job TEXT NOT NULL, run TEXT NOT NULL, attempt INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY(job, run, attempt));

  CREATE TABLE models(
    version TEXT PRIMARY KEY, created_at TEXT NOT NULL, report TEXT NOT NULL,
    bytes INTEGER NOT NULL, hash TEXT NOT NULL, weights BLOB NOT NULL);
  CREATE TABLE serving(
    only INTEGER PRIMARY KEY CHECK(only = 1),
    version TEXT NOT NULL REFERENCES models(version));
)sql",
                                              R"sql(
  CREATE TABLE unclassified(
    id INTEGER PRIMARY KEY,           -- stable: readers page by it
    job TEXT NOT NULL, run TEXT NOT NULL, attempt INTEGER NOT NULL,
    document TEXT NOT NULL,           -- an array of telling lines
    UNIQUE(job, run, attempt));
)sql",
                                              R"sql(
  ALTER TABLE patches ADD COLUMN activates_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE patches ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE patches ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE patches ADD COLUMN layer INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE patches ADD COLUMN created_ms INTEGER NOT NULL DEFAULT 0;
  UPDATE patches SET
    priority = coalesce(CAST(json_extract(document, '$.priority') AS INTEGER), 0),
    layer = coalesce(json_extract(document, '$.layer') = 1, 0),
    created_ms = coalesce(
      CAST(round((julianday(json_extract(document, '$.created_at')) - 2440587.5) * 86400000) AS INTEGER), 0)
    WHERE json_valid(document);
  DROP INDEX patches_by_scope;
  -- All that a look-up needs to find the one patch worth reading.
  CREATE INDEX patches_by_scope ON patches(
    scope_key, expires_ms, disabled, uses_left, activates_ms, priority, layer, created_ms, id);

  CREATE TABLE patch_changes(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, why TEXT NOT NULL,
    patch TEXT NOT NULL,              -- its id; empty: the kill switch
    before TEXT, after TEXT);         -- documents; NULL: there was none
  CREATE INDEX patch_changes_by_patch ON patch_changes(patch, number);
  ALTER TABLE remediations ADD COLUMN at_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE remediations ADD COLUMN restart INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX uses_by_attempt ON uses(job, run, attempt);
  CREATE TABLE automation(
    only INTEGER PRIMARY KEY CHECK(only = 1),
    stopped INTEGER NOT NULL, since_ms INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL);
)sql",
                                              R"sql(
  CREATE TABLE promotions(
    number INTEGER PRIMARY KEY AUTOINCREMENT,  -- the last one is in service
    version TEXT NOT NULL REFERENCES models(version),
    before INTEGER REFERENCES promotions(number),  -- what a rollback goes back to; NULL: nothing
    at TEXT NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL);
  INSERT INTO promotions(version, at, kind, who, reason)
    SELECT version, created_at, 'trained', '', 'before promotions were kept' FROM serving JOIN models USING(version);
  DROP TABLE serving;
  CREATE TABLE fold_models(           -- networks of a version that each never saw some jobs: later audits compare
    version TEXT NOT NULL REFERENCES models(version), fold INTEGER NOT NULL,
    bytes INTEGER NOT NULL, hash TEXT NOT NULL, weights BLOB NOT NULL,
    PRIMARY KEY(version, fold));
)sql",
                                              R"sql(
  -- What the attempt showed of the patch: 'succeeded', 'failed', 'neither'; empty: not judged.
  ALTER TABLE uses ADD COLUMN shown TEXT NOT NULL DEFAULT '';
)sql",
                                              R"sql(
  ALTER TABLE patches ADD COLUMN job TEXT NOT NULL DEFAULT '';  -- of the scope; empty: it names none
  DROP INDEX patches_by_scope;
  -- Led by the job: a look-up asks for many kinds of scope, and finds all of one job's in a page or two.
  CREATE INDEX patches_by_scope ON patches(
    job, scope_key, expires_ms, disabled, uses_left, activates_ms, priority, layer, created_ms, id);
)sql",
                                              R"sql(
  CREATE TABLE model_kinds(
    version TEXT PRIMARY KEY REFERENCES models(version),
    kind TEXT NOT NULL) WITHOUT ROWID;  -- 'recommend' or 'forecast'
  INSERT INTO model_kinds SELECT version, 'recommend' FROM models;
)sql"};
constexpr std::int64_t first_with_jobs = 6;  // the schema that keeps the jobs of patches in a column

std::int64_t schema_of(Connection& connection) {
  return connection.integer("PRAGMA user_version");
}

bool empty(Connection& connection) {
  return connection.integer("SELECT count(*) FROM sqlite_master") == 0;
}

void refuse_foreign(Connection& connection) {
  const std::int64_t id = connection.integer("PRAGMA application_id");
  if (id == application_id || (id == 0 && schema_of(connection) == 0 && empty(connection))) return;
  fail(connection.location(), "is another application's database: choose another file");
}

void refuse_newer(Connection& connection) {
  const std::int64_t schema = schema_of(connection);
  if (schema >= 0 && schema <= static_cast<std::int64_t>(steps.size())) return;
  throw Error(Status::store,
              fmt::format("store {} is from schema {}; this jobmedic {} knows up to {}: upgrade jobmedic",
                          connection.location().url, schema, version(), steps.size()));
}

// SQLite takes a last page that was cut off for one that ends in zeros. Pages are written whole, so without a log to
// repair it such a file lost its end.
void refuse_cut(Connection& connection) {
  const std::int64_t page = connection.integer("PRAGMA page_size");
  const Stamp files = stamp(connection.location());
  if (files.write_ahead_log || page <= 0 || files.size % static_cast<std::uint64_t>(page) == 0) return;
  connection.fail(SQLITE_CORRUPT);
}

bool current(Connection& connection) {
  return schema_of(connection) == static_cast<std::int64_t>(steps.size());
}

// Turning WAL on needs the file for itself, and SQLite does not wait where two processes create one store.
void turn_on_wal(Connection& connection) {
  const auto last_try = std::chrono::steady_clock::now() + connection.location().options.busy_timeout;
  while (true) {
    const int code = connection.try_run("PRAGMA journal_mode = WAL");
    if (code == SQLITE_OK) return;
    if ((code & 0xFF) != SQLITE_BUSY || std::chrono::steady_clock::now() > last_try) connection.fail(code);
    sqlite3_sleep(2);
  }
}

void migrate(Connection& connection) {
  Transaction transaction(connection, Transaction::Kind::write);
  refuse_foreign(connection);  // again: another process may have been first
  refuse_newer(connection);
  const std::int64_t before = schema_of(connection);
  for (auto step = static_cast<std::size_t>(before); step < steps.size(); ++step) connection.run(steps[step]);
  if (before < first_with_jobs) sql::fill_jobs(connection);
  connection.run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, steps.size()));
  transaction.commit();
}

}  // namespace

bool outdated(Connection& connection) {
  return connection.integer("PRAGMA application_id") == application_id &&
         schema_of(connection) < static_cast<std::int64_t>(steps.size());
}

void prepare(Connection& connection) {
  {
    // One snapshot: a process that is creating this store must be seen whole or not at all.
    const Transaction snapshot(connection, Transaction::Kind::read);
    refuse_foreign(connection);
    refuse_newer(connection);
  }
  refuse_cut(connection);
  if (!connection.writable()) {
    if (current(connection)) return;
    fail(connection.location(),
         "has no tables of this version yet and cannot be written: open it once with write permission");
  }
  turn_on_wal(connection);
  if (!current(connection)) migrate(connection);
}

}  // namespace jobmedic::sqlite
