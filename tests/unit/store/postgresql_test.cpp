// What only a server can do: start, stop, crash, refuse. Runs under tests/postgresql.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "jobmedic/store.hpp"
#include "process.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

bool crash_server() {
  return std::system("tests/postgresql --crash") == 0;
}

StoreOptions patient(std::chrono::milliseconds time) {
  StoreOptions options;
  options.busy_timeout = time;
  return options;
}

std::string refusal(const std::string& url, const StoreOptions& options = {}) {
  return message_of([&] { return Store::open(url, options); });
}

// Another session holds this lock until it is destroyed.
class Holder {
 public:
  Holder(const Scratch& scratch, const std::string& statement) {
    const std::string command = "psql -XAtqd '" + scratch.url() + "' >/dev/null";
    session_ = ::popen(command.c_str(), "w");
    std::fputs(("BEGIN; " + statement + "; SELECT pg_advisory_lock(1);\n").c_str(), session_);
    std::fflush(session_);
    while (scratch.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND database = "
                       "(SELECT oid FROM pg_database WHERE datname = current_database())") != "1") {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { ::pclose(session_); }

 private:
  FILE* session_ = nullptr;
};

std::string kill_sessions(const Scratch& scratch) {
  return scratch.sql(
      "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
      "WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

std::size_t rounds() {
  return std::getenv("JOBMEDIC_ALL_RUNS") != nullptr ? 100 : 6;
}

}  // namespace

TEST_CASE("nothing acknowledged is lost or doubled while the server is killed under load", "[.postgresql]") {
  const Scratch scratch;
  Store::open(scratch.url());
  std::vector<std::unique_ptr<Process>> writers;
  for (int i = 0; i < 4; ++i) {
    writers.push_back(std::make_unique<Process>(
        std::vector<std::string>{"--patience", "60000", scratch.url(), "storm", "job" + std::to_string(i)}));
  }
  for (auto& writer : writers) REQUIRE(writer->line() == "open");
  for (std::size_t round = 0; round < rounds(); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    if (round % 3 == 2) {
      kill_sessions(scratch);
    } else {
      REQUIRE(crash_server());
    }
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  for (auto& writer : writers) writer->close_input();
  const auto store = Store::open(scratch.url());
  std::size_t attempts = 0;
  std::map<std::string, std::string> acknowledged;  // scope's job: id
  for (std::size_t i = 0; i < writers.size(); ++i) {
    const std::string job = "job" + std::to_string(i);
    std::istringstream output(writers[i]->rest_of_output());
    for (std::string line; std::getline(output, line);) {
      std::istringstream words(line);
      std::string kind;
      std::string number;
      std::string id;
      words >> kind >> number >> id;
      INFO(job << ": " << line);
      REQUIRE((kind == "attempt" || kind == "patch"));
      if (kind == "attempt") ++attempts;
      if (kind == "attempt") REQUIRE(store->attempt(job, "", std::stol(number)));
      if (kind == "patch") acknowledged[job + " " + number] = id;
    }
    CHECK(writers[i]->exit_code() == 0);
  }
  CHECK(attempts == store->attempt_count());
  CHECK(attempts > rounds() * 4);
  std::map<std::string, std::string> kept;
  for (const StoredPatch& patch : store->patches()) {
    INFO(*patch.scope.job);
    CHECK(kept.emplace(*patch.scope.job, patch.id).second);
  }
  CHECK(kept == acknowledged);
  CHECK(store->changes(1'000'000).size() == acknowledged.size());
  CHECK(scratch.intact());
}

TEST_CASE("a lost connection is made again without the caller noticing", "[.postgresql]") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->record(attempt_of("j", 1));
  CHECK(kill_sessions(scratch) != "0");
  CHECK(store->attempt_count() == 1);
  kill_sessions(scratch);
  CHECK(store->record(attempt_of("j", 2)));
  REQUIRE(crash_server());
  CHECK(store->put_patch({}).id == "p-00000001");
  CHECK(store->attempt_count() == 2);
}

TEST_CASE("a connection lost within a transaction takes effect once", "[.postgresql]") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  int calls = 0;
  const auto saved = store->save_remediation(attempt_of("j"), StoredPatch{}, [&](const std::string& id) {
    if (++calls == 1) kill_sessions(scratch);
    return "\"" + id + "\"";
  });
  CHECK(calls == 2);
  CHECK(saved.fresh);
  CHECK(store->patches().size() == 1);
  CHECK(store->changes(10).size() == 1);
  CHECK(store->remediation("j", "r1", 1) == saved.document);
}

TEST_CASE("a lock is waited for until the caller's deadline, and readers do not wait", "[.postgresql]") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url(), patient(std::chrono::milliseconds(300)));
  store->record(attempt_of("j"));
  {
    const Holder holder(scratch, "LOCK TABLE jobmedic.attempts IN EXCLUSIVE MODE");
    const auto begin = std::chrono::steady_clock::now();
    CHECK(message_of([&] { return store->record(attempt_of("k")); }) ==
          "store " + scratch.url() + ": locked by another process for 300 ms");
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(300));
    CHECK(store->attempt_count() == 1);
  }
  CHECK(store->record(attempt_of("k")));
}

TEST_CASE("a server that does not come back is told after the caller's deadline", "[.postgresql]") {
  const Scratch scratch;
  // Time for one try at least, sanitized and beside others.
  const auto store = Store::open(scratch.url(), patient(std::chrono::seconds(2)));
  const std::string database = scratch.sql("SELECT current_database()");
  REQUIRE(std::system(("psql -qXc 'ALTER DATABASE " + database +
                       " ALLOW_CONNECTIONS false' -c \"SELECT "
                       "pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" +
                       database + "'\" >/dev/null")
                          .c_str()) == 0);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(message_of([&] { return store->record(attempt_of("j")); }).find("is not currently accepting connections") !=
        std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::seconds(2));
}

TEST_CASE("a server that falls silent is told by what it said last, or by its silence", "[.postgresql]") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url(), patient(std::chrono::milliseconds(300)));
  const auto postmaster = [](const std::string& signal) {
    return std::system(("kill -" + signal + " $(head -n 1 \"$PGHOST/data/postmaster.pid\")").c_str());
  };
  kill_sessions(scratch);
  REQUIRE(postmaster("STOP") == 0);
  const std::string killed = message_of([&] { return store->attempt_count(); });
  const std::string silent = message_of([&] { return store->attempt_count(); });
  REQUIRE(postmaster("CONT") == 0);
  CHECK(killed.find("terminating connection due to administrator command") != std::string::npos);
  CHECK(silent == "store " + scratch.url() + ": the server did not answer within 300 ms");
  CHECK(store->attempt_count() == 0);
}

TEST_CASE("a schema of a newer jobmedic or of another application is refused and left alone", "[.postgresql]") {
  const Scratch scratch;
  SECTION("newer") {
    Store::open(scratch.url());
    const std::string known = scratch.sql("SELECT number FROM jobmedic.schema");
    scratch.sql("UPDATE \"schema\" SET number = 99");
    CHECK(refusal(scratch.url()) == "store " + scratch.url() + " is from schema 99; this jobmedic 0.1.0 knows up to " +
                                        known + ": upgrade jobmedic");
  }
  SECTION("of another") {
    scratch.sql("CREATE SCHEMA jobmedic; CREATE TABLE jobmedic.theirs(x INT)");
    CHECK(refusal(scratch.url()) ==
          "store " + scratch.url() + ": its schema \"jobmedic\" is another application's: choose another database");
    CHECK(scratch.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'jobmedic'") == "1");
  }
}

TEST_CASE("tables are made only where that was asked for, and a reader does not write", "[.postgresql]") {
  const Scratch scratch;
  StoreOptions reading;
  reading.read_only = true;
  CHECK(refusal(scratch.url(), reading).find(": has no tables of jobmedic yet") != std::string::npos);
  Store::open(scratch.url())->record(attempt_of("j"));
  const auto store = Store::open(scratch.url(), reading);
  CHECK(store->attempt_count() == 1);
  CHECK(message_of([&] { return store->record(attempt_of("k")); }) ==
        "store " + scratch.url() + ": was opened for reading only");
}

TEST_CASE("a user without rights is told which", "[.postgresql]") {
  const Scratch scratch;
  Store::open(scratch.url())->record(attempt_of("j"));
  scratch.sql("GRANT USAGE ON SCHEMA jobmedic TO locked; GRANT SELECT ON ALL TABLES IN SCHEMA jobmedic TO locked");
  ::setenv("PGPASSWORD", "hunter2", 1);
  const auto store = Store::open(scratch.url() + "&user=locked");
  CHECK(store->attempt_count() == 1);
  CHECK(message_of([&] { return store->record(attempt_of("k")); }).find("this user lacks a right: ") !=
        std::string::npos);
  ::setenv("PGPASSWORD", "hunter3", 1);
  const std::string wrong = refusal(scratch.url() + "&user=locked");
  CHECK(wrong.find("password authentication failed") != std::string::npos);
  CHECK(wrong.find("hunter") == std::string::npos);
  ::unsetenv("PGPASSWORD");
  CHECK(refusal(scratch.url() + "&user=locked").find("give it in PGPASSWORD or a password file") != std::string::npos);
}

TEST_CASE("a key that no index can hold is told in words", "[.postgresql]") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  std::string noise;  // that does not compress
  for (unsigned i = 0, x = 1; i < 20'000; ++i)
    noise += static_cast<char>('a' + (x = x * 1664525U + 1013904223U) / (1U << 28U));
  CHECK(message_of([&] { return store->record(attempt_of(noise)); }).find("is too long for an index") !=
        std::string::npos);
  CHECK(store->record(attempt_of("k")));
}

TEST_CASE("more threads than connections take turns", "[.postgresql]") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url(), patient(std::chrono::seconds(60)));
  std::vector<std::thread> threads;
  for (int t = 0; t < 24; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) store->record(ended(attempt_of("j" + std::to_string(t % 6), 100 * t + i)));
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(store->attempt_count() == 240);
  CHECK(std::stoi(scratch.sql("SELECT count(*) FROM writers")) <= 16);
  std::set<std::string> numbers;  // one job's records have an order, whoever made them
  store->each_job([&](std::span<const Attempt> job) { CHECK(job.size() == 40); });
  CHECK(scratch.sql("SELECT count(DISTINCT (job, recorded)) FROM attempts") == "240");
}

TEST_CASE("a server's store of the first schema keeps its patches where their scopes lead", "[.postgresql]") {
  const Scratch scratch;
  StoredPatch patch;
  patch.scope.job = "j";
  const std::string id = Store::open(scratch.url())->put_patch(patch).id;
  patch.scope.job.reset();
  patch.scope.engine = "spark";
  const std::string wider = Store::open(scratch.url())->put_patch(patch).id;
  scratch.sql(
      "DROP TABLE jobmedic.model_kinds; DROP INDEX jobmedic.patches_by_scope; ALTER TABLE jobmedic.patches DROP COLUMN "
      "job;"
      "CREATE INDEX patches_by_scope ON jobmedic.patches(scope_key); UPDATE jobmedic.schema SET number = 1");
  const auto found = Store::open(scratch.url())->patches_for(attempt_of("j"), "2026-11-22T00:00:00Z");
  REQUIRE(found.size() == 2);
  CHECK(std::set{found[0].id, found[1].id} == std::set{id, wider});
}
