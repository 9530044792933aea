// Claim: what a store has acknowledged is on the disk, and that costs little more than the disk asks for it: four
// processes at one store, beside bare SQLite that keeps the same promise, and what the disk can sync.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "../unit/temporary_folder.hpp"
#include "jobmedic/store.hpp"

namespace {

using namespace jobmedic;

constexpr int transactions = 50;  // of each process
constexpr std::size_t page = 4096;

using Transaction = std::function<bool(int number)>;
// What each process does first, in its own time: it answers with what is to be timed.
using Prepare = std::function<Transaction(const TemporaryFolder& folder, int process)>;

Attempt attempt_of(int process, int number) {
  Attempt attempt;
  attempt.job = fmt::format("job-{}", process);
  attempt.attempt = number;
  attempt.engine = "spark";
  attempt.plan = std::string(1000, 'p');
  return attempt;
}

Transaction jobmedic_store(const TemporaryFolder& folder, int process) {
  StoreOptions options;
  options.busy_timeout = std::chrono::minutes(1);
  const std::shared_ptr<Store> store = Store::open("sqlite:" + (folder.path() / "store.db").string(), options);
  return [store, process](int number) { return store->record(attempt_of(process, number)); };
}

Transaction bare_sqlite(const TemporaryFolder& folder, int process) {
  sqlite3* db = nullptr;
  sqlite3_open((folder.path() / "bare.db").c_str(), &db);
  sqlite3_busy_timeout(db, 60'000);
  const auto run = [db](const char* sql) { return sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK; };
  while (!run("PRAGMA journal_mode = WAL")) sqlite3_sleep(2);
  run("PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS attempts(id INTEGER PRIMARY KEY, document TEXT)");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO attempts(document) VALUES(?)", -1, &insert, nullptr);
  return [=](int number) {
    const std::string document = attempt_of(process, number).to_json();
    if (!run("BEGIN IMMEDIATE")) return false;
    sqlite3_bind_text(insert, 1, document.c_str(), -1, SQLITE_STATIC);
    const bool inserted = sqlite3_step(insert) == SQLITE_DONE;
    sqlite3_reset(insert);
    return inserted && run("COMMIT");
  };
}

Transaction synced_page(const TemporaryFolder& folder, int process) {
  const int file =
      ::open((folder.path() / std::to_string(process)).c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  return [file, bytes = std::string(page, 'x')](int) {
    return ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && ::fdatasync(file) == 0;
  };
}

// The life of one of the processes: says that it is ready, waits for the start, exits with 0 where all went well.
[[noreturn]] void work(const TemporaryFolder& folder, int process, const Prepare& prepare, int ready, int start) {
  try {
    const Transaction transaction = prepare(folder, process);
    char c = 'r';
    bool good = ::write(ready, &c, 1) == 1 && ::read(start, &c, 1) == 0;
    for (int number = 1; good && number <= transactions; ++number) good = transaction(number);
    ::_exit(good ? 0 : 1);
  } catch (...) {
    ::_exit(2);
  }
}

// Seconds of wall time that so many processes take for all their transactions.
double time_processes(int processes, const Prepare& prepare) {
  const TemporaryFolder folder;
  std::array<int, 2> ready{};
  std::array<int, 2> start{};
  if (::pipe(ready.data()) != 0 || ::pipe(start.data()) != 0) throw std::runtime_error("no pipe");
  for (int process = 0; process < processes; ++process) {
    if (::fork() != 0) continue;
    ::close(start[1]);
    work(folder, process, prepare, ready[1], start[0]);
  }
  ::close(ready[1]);
  ::close(start[0]);
  char c = 0;
  bool good = true;
  for (int process = 0; process < processes; ++process) good = ::read(ready[0], &c, 1) == 1 && good;
  const auto began = std::chrono::steady_clock::now();
  ::close(start[1]);
  for (int process = 0; process < processes; ++process) {
    int status = 0;
    ::wait(&status);
    good = good && status == 0;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  ::close(ready[0]);
  if (!good) throw std::runtime_error("a process failed");
  return took.count();
}

void time_transaction(benchmark::State& state, int processes, const Prepare& prepare) {
  for (auto _ : state) state.SetIterationTime(time_processes(processes, prepare) / (processes * transactions));
  state.SetItemsProcessed(1);
}

const bool registered = [] {
  const auto add = [](const std::string& who, int processes, const Prepare& prepare) {
    const std::string name = "store transaction, 4 processes/" + who;
    benchmark::RegisterBenchmark(name.c_str(), time_transaction, processes, prepare)->UseManualTime()->Iterations(1);
  };
  add("jobmedic", 4, jobmedic_store);
  add("jobmedic, 1 process", 1, jobmedic_store);
  add("bare SQLite", 4, bare_sqlite);
  add("bare SQLite, 1 process", 1, bare_sqlite);
  add("limit: 4 KB and fdatasync, 1 process", 1, synced_page);
  add("limit: 4 KB and fdatasync, 4 processes, a file each", 4, synced_page);
  return true;
}();

}  // namespace
