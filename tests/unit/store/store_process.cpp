// store_process [--nobody] [--largest-file BYTES] [--small-disk FOLDER] [--patience MILLISECONDS] URL COMMAND
// [ARGUMENT] The other process of the store's tests. A failure is its last line: "error: ...".
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "jobmedic/error.hpp"
#include "jobmedic/store.hpp"

using namespace jobmedic;

namespace {

void say(const std::string& text) {
  std::fputs((text + "\n").c_str(), stdout);
  std::fflush(stdout);
}

void wait_for_end_of_input() {
  while (std::getchar() != EOF) continue;
}

// Acknowledges each attempt after it was recorded.
void write(Store& store, const std::string& job, int count) {
  for (int number = 1; number <= count; ++number) {
    Attempt attempt;
    attempt.job = job;
    attempt.attempt = number;
    attempt.plan = std::string(2000, 'x');
    store.record(attempt);
    say(std::to_string(number));
  }
}

// After a failure, what is there: the disk may be gone with this process.
void write_until_full(Store& store, const std::string& job) {
  try {
    write(store, job, 1'000'000);
  } catch (const Error& error) {
    say(std::string("error: ") + error.what());
    say("kept " + std::to_string(store.attempt_count()));
  }
}

void hold_lock(const std::string& path) {
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  say("held");
  wait_for_end_of_input();
  sqlite3_close(db);
}

void remediate(Store& store, const std::string& job, int runs) {
  for (int run = 1; run <= runs; ++run) {
    Attempt attempt;
    attempt.job = job;
    attempt.run = std::to_string(run);
    StoredPatch patch;
    patch.scope.job = job;
    const auto saved = store.save_remediation(attempt, patch, [](const std::string& id) {
      return fmt::format(R"({{"patch_id":"{}","by":{}}})", id, ::getpid());
    });
    say(saved.document);
  }
}

// Until it is killed; each patch and the outcome of the try that used it are said once they are acknowledged.
void stream(Store& store, const std::string& job) {
  say("open");
  for (int number = 1;; ++number) {
    Attempt attempt;
    attempt.job = fmt::format("{} {}", job, number);
    attempt.outcome.emplace().succeeded = false;
    StoredPatch patch;
    patch.scope.job = attempt.job;
    patch.uses_left = 3;
    say(fmt::format("patch {} {}", number, store.put_patch(patch).id));
    say(fmt::format("outcome {} {}", number, store.record_outcome(attempt).what));
  }
}

// Until its input ends; then what was acknowledged: "attempt N" and "patch N ID".
void storm(Store& store, const std::string& job) {
  say("open");
  std::vector<std::string> acknowledged;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  for (int number = 1; ::poll(&input, 1, 0) == 0; ++number) {
    Attempt attempt;
    attempt.job = job;
    attempt.attempt = number;
    attempt.outcome.emplace().succeeded = false;
    if (!store.record(attempt)) say(fmt::format("error: attempt {} was there before", number));
    acknowledged.push_back(fmt::format("attempt {}", number));
    StoredPatch patch;
    patch.scope.job = fmt::format("{} {}", job, number);
    acknowledged.push_back(fmt::format("patch {} {}", number, store.put_patch(patch).id));
  }
  for (const std::string& line : acknowledged) say(line);
}

int run(std::vector<std::string> arguments) {
  StoreOptions options;
  const auto next = [&] {
    if (arguments.empty()) std::exit(2);
    std::string first = arguments.front();
    arguments.erase(arguments.begin());
    return first;
  };
  std::string word = next();
  for (; word.starts_with("--"); word = next()) {
    if (word == "--nobody" && ::getuid() == 0 && ::setuid(65534) != 0) return 3;
    if (word == "--patience") options.busy_timeout = std::chrono::milliseconds(std::stol(next()));
    if (word == "--largest-file") {
      const rlim_t bytes = std::stoul(next());
      const rlimit limit{bytes, bytes};
      ::signal(SIGXFSZ, SIG_IGN);
      ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (word == "--small-disk") {
      const std::string folder = next();
      if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
          ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") != 0) {
        say("no small disk");
        return 3;
      }
    }
  }
  const std::string url = word;
  const std::string command = next();
  if (command == "hold") {
    hold_lock(url.substr(url.find(':') + 1));
    return 0;
  }
  const auto store = Store::open(url, options);
  if (command == "put") say(store->put_patch(StoredPatch::parse(next())).id);
  if (command == "candidates") {
    for (const auto& patch : store->patches_for(Attempt::parse(next()), "2026-11-22T00:00:00Z")) say(patch.id);
  }
  if (command == "automation") say(store->automation().words());
  if (command == "outcome") {
    const Attempt attempt = Attempt::parse(next());
    say("ready");
    say(store->record_outcome(attempt).what);
  }
  if (command == "count") say(std::to_string(store->attempt_count()));
  if (command == "write") write(*store, next(), 1'000'000);
  if (command == "stream") stream(*store, next());
  if (command == "storm") storm(*store, next());
  if (command == "fill") write_until_full(*store, next());
  if (command == "remediate") {
    const std::string job = next();
    remediate(*store, job, std::stoi(next()));
  }
  return 0;
}

}  // namespace

int main(int count, char** values) {
  try {
    return run({values + 1, values + count});
  } catch (const Error& error) {
    say(std::string("error: ") + error.what());
    return 1;
  }
}
