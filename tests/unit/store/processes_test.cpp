// The store between processes and threads: what is acknowledged is there, for everyone, and stays.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "jobmedic/store.hpp"
#include "process.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

constexpr const char* patch_for_nightly =
    R"({"schema":"jobmedic.patch/1","id":"heal","scope":{"job":"nightly","engine":"spark"},
        "patch":[{"op":"add","path":"/spark.executor.memory","value":"6g"}]})";

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

// Runs `body` in a forked child: its answer is the exit code.
template <typename Body>
int in_child(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a patch that one process saved is a candidate in another, for its job only") {
  const Scratch scratch;
  CHECK(run_process({scratch.url(), "put", patch_for_nightly}) == "heal\n");
  const auto candidates = [&](const std::string& job) {
    return run_process({scratch.url(), "candidates", attempt_of(job).to_json()});
  };
  CHECK(candidates("nightly") == "heal\n");
  CHECK(candidates("hourly").empty());
}

TEST_CASE("processes that create one store at the same moment all open it") {
  for (int round = 0; round < 60; ++round) {
    const Scratch scratch;
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
      const pid_t child = ::fork();
      if (child == 0) {
        try {
          ::_exit(Store::open(scratch.url())->attempt_count() == 0 ? 0 : 1);
        } catch (...) {
          ::_exit(2);
        }
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = 0;
      ::waitpid(child, &status, 0);
      CHECK(status == 0);
    }
  }
}

TEST_CASE("of two processes that race to remediate, one answers, and both give its answer") {
  const Scratch scratch;
  Process one({scratch.url(), "remediate", "j", "100"});
  Process two({scratch.url(), "remediate", "j", "100"});
  const auto first = lines(one.rest_of_output());
  const auto second = lines(two.rest_of_output());
  REQUIRE(first.size() == 100);
  CHECK(first == second);
  CHECK(std::set<std::string>(first.begin(), first.end()).size() == 100);
  CHECK(Store::open(scratch.url())->patches().size() == 100);
}

TEST_CASE("eight processes may make one store at the same moment") {
  const Scratch scratch;
  std::vector<std::unique_ptr<Process>> makers;
  for (int i = 0; i < 8; ++i) {
    makers.push_back(
        std::make_unique<Process>(std::vector<std::string>{scratch.url(), "remediate", "j" + std::to_string(i), "25"}));
  }
  for (auto& maker : makers) CHECK(lines(maker->rest_of_output()).size() == 25);
  CHECK(Store::open(scratch.url())->patches().size() == 200);
}

TEST_CASE("eight threads read and write one store") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(StoredPatch::parse(patch_for_nightly));
  std::vector<std::thread> threads;
  std::vector<int> seen(8, 0);
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        store->record(ended(attempt_of("t" + std::to_string(t), i)));
        if (store->patches_for(attempt_of("nightly"), "2026-11-22T00:00:00Z").size() == 1) ++seen[t];
        if (store->last_attempt("t" + std::to_string(t))->attempt != i) seen[t] = -1000;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(seen == std::vector<int>(8, 40));
  CHECK(store->attempt_count() == 320);
}

TEST_CASE("in a forked child every method refuses, destroying is safe and a new store works") {
  const Scratch scratch;
  auto store = Store::open(scratch.url());
  store->record(attempt_of("before"));
  const int code = in_child([&] {
    const auto forked = [](const auto& call) {
      try {
        static_cast<void>(call());
      } catch (const Error& error) {
        return error.status() == Status::forked;
      }
      return false;
    };
    if (!forked([&] { return store->record(attempt_of("child")); })) return 1;
    if (!forked([&] { return store->attempt_count(); })) return 2;
    if (!forked([&] { return store->serving_version(); })) return 3;
    if (!forked([&] { return store->put_patch({}); })) return 4;
    store.reset();
    const auto own = Store::open(scratch.url());
    own->record(attempt_of("child"));
    return own->attempt_count() == 2 ? 0 : 5;
  });
  CHECK(code == 0);
  CHECK(store->attempt("child", "r1", 1));
  store->record(attempt_of("after"));
  CHECK(store->attempt_count() == 3);
}

TEST_CASE("a child's new store keeps what it writes after the parent closed its own") {
  const Scratch scratch;
  auto store = Store::open(scratch.url());
  store->record(attempt_of("before"));
  int ready[2];
  int go[2];
  REQUIRE((::pipe(ready) == 0 && ::pipe(go) == 0));
  const pid_t child = ::fork();
  if (child == 0) {
    const auto own = Store::open(scratch.url());
    own->record(attempt_of("child", 1));
    char c = 'r';
    if (::write(ready[1], &c, 1) != 1 || ::read(go[0], &c, 1) != 1) ::_exit(1);
    own->record(attempt_of("child", 2));
    ::_exit(0);
  }
  char c = 0;
  REQUIRE(::read(ready[0], &c, 1) == 1);
  store.reset();
  CHECK(run_process({scratch.url(), "count"}) == "2\n");
  REQUIRE(::write(go[1], &c, 1) == 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(run_process({scratch.url(), "count"}) == "3\n");
  CHECK(scratch.intact());
  for (const int fd : {ready[0], ready[1], go[0], go[1]}) ::close(fd);
}
