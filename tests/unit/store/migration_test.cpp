// Stores written by the versions before: the tables as those versions made them.
#include <catch2/catch.hpp>

#include "jobmedic/store.hpp"
#include "scratch.hpp"
#include "store/scope.hpp"

using namespace jobmedic;

namespace {

constexpr const char* schema_1 = R"sql(
  CREATE TABLE attempts(
    id INTEGER PRIMARY KEY, job TEXT NOT NULL, run TEXT NOT NULL, attempt INTEGER NOT NULL,
    recorded INTEGER NOT NULL, started_at TEXT NOT NULL, ended INTEGER NOT NULL, document TEXT NOT NULL,
    UNIQUE(job, run, attempt));
  CREATE INDEX attempts_by_recorded ON attempts(job, recorded);
  CREATE TABLE patches(
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, scope_key TEXT NOT NULL,
    expires_ms INTEGER NOT NULL, uses_left INTEGER, document TEXT NOT NULL);
  CREATE INDEX patches_by_scope ON patches(scope_key, expires_ms) WHERE uses_left IS NULL OR uses_left > 0;
  CREATE TABLE scope_kinds(kind TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE uses(
    patch TEXT NOT NULL REFERENCES patches(id) ON DELETE CASCADE,
    job TEXT NOT NULL, run TEXT NOT NULL, attempt INTEGER NOT NULL,
    PRIMARY KEY(patch, job, run, attempt)) WITHOUT ROWID;
  CREATE TABLE remediations(
    job TEXT NOT NULL, run TEXT NOT NULL, attempt INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY(job, run, attempt));
  CREATE TABLE models(
    version TEXT PRIMARY KEY, created_at TEXT NOT NULL, report TEXT NOT NULL,
    bytes INTEGER NOT NULL, hash TEXT NOT NULL, weights BLOB NOT NULL);
  CREATE TABLE serving(
    only INTEGER PRIMARY KEY CHECK(only = 1), version TEXT NOT NULL REFERENCES models(version));
  PRAGMA application_id = 1246586212; PRAGMA user_version = 1;
  INSERT INTO attempts VALUES(1, 'j', 'r1', 1, 1, '', 1,
    '{"schema":"jobmedic.attempt/1","job":"j","run":"r1","attempt":1,"outcome":{"succeeded":false}}');
  INSERT INTO remediations VALUES('j', 'r1', 1, '{"patch_id":"plain"}');
  INSERT INTO scope_kinds VALUES('["/job"]');
)sql";

constexpr const char* schema_2 = R"sql(
  CREATE TABLE unclassified(
    id INTEGER PRIMARY KEY, job TEXT NOT NULL, run TEXT NOT NULL, attempt INTEGER NOT NULL,
    document TEXT NOT NULL, UNIQUE(job, run, attempt));
  PRAGMA user_version = 2;
)sql";

void add_patch(const Scratch& scratch, const std::string& id, const std::string& members,
               const std::string& uses_left = "NULL") {
  Scope scope;
  scope.job = "j";
  sql(scratch.path(), "INSERT INTO patches(id, scope_key, expires_ms, uses_left, document) VALUES('" + id + "', '" +
                          key_of(scope) + "', 9223372036854775807, " + uses_left +
                          R"(, '{"schema":"jobmedic.patch/1","id":")" + id + R"(","scope":{"job":"j"},"patch":[])" +
                          members + "}')");
}

void make_old_store(const Scratch& scratch, int schema) {
  sql(scratch.path(), schema_1);
  if (schema == 2) sql(scratch.path(), schema_2);
  add_patch(scratch, "late", R"(,"created_at":"2026-11-20T00:00:00.500Z")", "3");
  add_patch(scratch, "plain", R"(,"created_at":"2026-11-20T00:00:00Z")");
  add_patch(scratch, "high", R"(,"priority":5,"layer":true,"created_at":"2026-11-19T00:00:00Z")");
  add_patch(scratch, "spent", R"(,"created_at":"2026-11-19T00:00:00Z")", "0");
  add_patch(scratch, "broken", "");
  sql(scratch.path(), "UPDATE patches SET document = '{' WHERE id = 'broken'");
}

std::vector<std::string> ids(const Store& store) {
  std::vector<std::string> result;
  for (const StoredPatch& found : store.patches_for(attempt_of("j", 2), "2026-11-22T00:00:00Z")) {
    result.push_back(found.id + (found.damage.empty() ? "" : " damaged") + (found.layer ? " layer" : ""));
  }
  return result;
}

}  // namespace

TEST_CASE("a store of an older schema opens with all that is in it, patches in their order", "[sqlite]") {
  const int schema = GENERATE(1, 2);
  const Scratch scratch;
  make_old_store(scratch, schema);
  const auto store = Store::open(scratch.url());
  CHECK(store->attempt("j", "r1", 1)->outcome);
  CHECK(store->remediation("j", "r1", 1) == R"({"patch_id":"plain"})");
  CHECK(ids(*store) == std::vector<std::string>{"plain", "late", "high layer"});
  CHECK(store->patches().size() == 5);  // the broken one too, though no scope leads to it
  CHECK(store->changes(10).empty());
  CHECK_FALSE(store->automation().stopped);
  store->keep_telling(attempt_of("k"), {{"lease <*> is gone", "lease 17 is gone", "", "driver.stderr", 50, 1}});
  int unclassified = 0;
  store->each_unclassified([&](const UnclassifiedFailure&) { ++unclassified; });
  CHECK(unclassified == 1);
}

TEST_CASE("an older store goes on where it was: uses are counted, ids continue, changes can be rolled back",
          "[sqlite]") {
  const Scratch scratch;
  make_old_store(scratch, 2);
  const auto store = Store::open(scratch.url());
  store->enable_patch("high", false);
  store->record(ended(attempt_of("j", 2)));
  CHECK(store->patch("late")->uses_left == 2);
  const std::string added = store->put_patch({}).id;
  CHECK(added > "p-00000005");
  store->roll_back(0);
  CHECK(store->patch("late")->uses_left == 3);
  CHECK_FALSE(store->patch(added));
  CHECK(ids(*store) == std::vector<std::string>{"plain", "late", "high layer"});
}

TEST_CASE("an older store opens for those who only read, too", "[sqlite]") {
  const Scratch scratch;
  make_old_store(scratch, 2);
  StoreOptions reading;
  reading.read_only = true;
  reading.create = false;
  const auto store = Store::open(scratch.url(), reading);
  CHECK(ids(*store).size() == 3);
  CHECK(message_of([&] { return store->put_patch({}); }).find("was opened for reading only") != std::string::npos);
}
