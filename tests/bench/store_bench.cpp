// Claim: the configuration of an attempt comes from a store of any size in a fraction of a millisecond: one look-up in
// an index per kind of scope, however many patches there are, and only the patches that count are read. Here every kind
// has a patch that matches, which is the worst case.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string>

#include "../unit/temporary_folder.hpp"
#include "jobmedic/engine.hpp"
#include "store/scope.hpp"

namespace {

using namespace jobmedic;

constexpr std::array<const char*, 4> labels{"queue", "user", "team", "tier"};

// The scope of patch `number`: of its kind, one of up to 32, the job and whatever the kind's bits say.
Scope scope_of(int number, int kinds) {
  const int kind = number % kinds;
  Scope scope;
  scope.job = fmt::format("job-{}", number / kinds);
  if ((kind & 1) != 0) scope.engine = "spark";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if ((kind >> (i + 1) & 1) != 0) scope.labels[labels[i]] = fmt::format("{}-{}", labels[i], number / kinds);
  }
  return scope;
}

Attempt attempt_of(int number) {
  Attempt attempt;
  attempt.job = fmt::format("job-{}", number);
  attempt.engine = "spark";
  attempt.config = R"({"spark.executor.memory":"2g","spark.executor.cores":"2"})";
  for (const char* label : labels) attempt.labels[label] = fmt::format("{}-{}", label, number);
  return attempt;
}

// Rows straight into the table, in one transaction: put_patch() makes each durable, which takes its time a million
// times.
void fill(const std::filesystem::path& path, int patches, int kinds) {
  Store::open("sqlite:" + path.string());
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  sqlite3_exec(db, "PRAGMA cache_size = -500000; BEGIN", nullptr, nullptr, nullptr);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO patches(id, job, scope_key, expires_ms, document) VALUES(?, ?, ?, ?, ?)", -1,
                     &insert, nullptr);
  StoredPatch patch;
  patch.patch = R"([{"op":"add","path":"/spark.executor.memory","value":"6g"}])";
  patch.created_at = "2026-11-22T00:00:00Z";
  for (int number = 0; number < patches; ++number) {
    patch.id = fmt::format("p-{:08}", number);
    patch.scope = scope_of(number, kinds);
    const std::string key = key_of(patch.scope);
    const std::string document = patch.to_json();
    sqlite3_bind_text(insert, 1, patch.id.c_str(), -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 2, patch.scope.job->c_str(), -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 3, key.c_str(), -1, SQLITE_STATIC);
    sqlite3_bind_int64(insert, 4, std::numeric_limits<sqlite3_int64>::max());
    sqlite3_bind_text(insert, 5, document.c_str(), -1, SQLITE_STATIC);
    sqlite3_step(insert);
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  for (int kind = 0; kind < kinds; ++kind) {
    const std::string sql =
        fmt::format("INSERT OR IGNORE INTO scope_kinds VALUES('{}')", write_kind(kind_of(scope_of(kind, kinds))));
    sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  }
  const int code = sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  if (code != SQLITE_OK) throw std::runtime_error("cannot fill " + path.string());
}

// Made once per size, gone at the end.
class Filled {
 public:
  std::filesystem::path with(int patches, int kinds) {
    const auto path = folder_.path() / fmt::format("{}-{}.db", patches, kinds);
    if (!std::filesystem::exists(path)) fill(path, patches, kinds);
    return path;
  }

 private:
  TemporaryFolder folder_;
};

std::filesystem::path store_with(int patches, int kinds) {
  static Filled stores;
  return stores.with(patches, kinds);
}

void get_config(benchmark::State& state, int patches, int kinds) {
  const auto path = store_with(patches, kinds).string();
  const Engine engine(fmt::format(R"({{"shipped_rules":false,"store":"sqlite:{}"}})", path));
  int number = 0;
  for (auto _ : state) {
    number = (number + 7919) % (patches / kinds);
    const ConfigAnswer answer = engine.get_config(attempt_of(number));
    if (answer.applied.size() != 1) state.SkipWithError("no patch applied");
  }
}

void one_select(benchmark::State& state, int patches) {
  sqlite3* db = nullptr;
  sqlite3_open(store_with(patches, 32).c_str(), &db);
  sqlite3_stmt* select = nullptr;
  sqlite3_prepare_v2(db, "SELECT document FROM patches WHERE id = ?", -1, &select, nullptr);
  int number = 0;
  for (auto _ : state) {
    number = (number + 7919) % patches;
    const std::string id = fmt::format("p-{:08}", number);
    sqlite3_bind_text(select, 1, id.c_str(), -1, SQLITE_STATIC);
    if (sqlite3_step(select) != SQLITE_ROW) state.SkipWithError("no row");
    benchmark::DoNotOptimize(sqlite3_column_text(select, 0));
    sqlite3_reset(select);
  }
  sqlite3_finalize(select);
  sqlite3_close(db);
}

std::string claim(int patches, int kinds) {
  return fmt::format("configuration of an attempt, {} patches of {} kind{} of scope", patches, kinds,
                     kinds == 1 ? "" : "s");
}

const bool registered = [] {
  const auto add = [](int patches, int kinds) {
    benchmark::RegisterBenchmark((claim(patches, kinds) + "/jobmedic").c_str(), get_config, patches, kinds);
  };
  for (const int patches : {1'000, 10'000, 100'000}) add(patches, 32);
  for (const int kinds : {1, 2, 4, 8, 16, 32}) add(1'000'000, kinds);
  for (const int patches : {1'000, 1'000'000}) {
    benchmark::RegisterBenchmark((claim(patches, 32) + "/limit: one SELECT by id").c_str(), one_select, patches);
  }
  return true;
}();

}  // namespace
