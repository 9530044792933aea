// Four processes write to one store and are killed at random moments: what each was told to be done is there, once.
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <sstream>

#include "jobmedic/store.hpp"
#include "process.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

std::size_t kills() {
  return std::getenv("JOBMEDIC_ALL_RUNS") != nullptr ? 1000 : 60;
}

// What writers have been told, by the job that they wrote: patch ids, and whether an outcome was recorded.
struct Acknowledged {
  std::map<std::string, std::string> patches;
  std::map<std::string, bool> outcomes;

  void add(const std::string& job, const std::string& output) {
    std::istringstream lines(output);
    std::string kind;
    std::string number;
    std::string what;
    while (lines >> kind >> number >> what && !lines.eof()) {  // at its end: a line cut off
      INFO(job << ": " << kind << " " << number << " " << what);
      REQUIRE((kind == "patch" || (kind == "outcome" && what == "recorded")));
      if (kind == "patch") patches[job + " " + number] = what;
      if (kind == "outcome") outcomes[job + " " + number] = true;
    }
  }
};

class Writer {
 public:
  Writer(const Scratch& scratch, std::size_t life)
      : job_("life-" + std::to_string(life)), process_({"--patience", "60000", scratch.url(), "stream", job_}) {}
  /// Whether it has said something more.
  bool hear() {
    if (!process_.has_output()) return false;
    output_ += process_.line() + "\n";
    return true;
  }
  void kill_and_tell(Acknowledged& acknowledged) {
    process_.kill();
    output_ += process_.rest_of_output();
    CHECK(output_.find("error") == std::string::npos);
    if (output_.starts_with("open\n")) acknowledged.add(job_, output_.substr(5));
  }

 private:
  std::string job_;
  Process process_;
  std::string output_;
};

// All that was acknowledged is there, once. Where nobody writes, what belongs together agrees.
void check(const Store& store, const Acknowledged& acknowledged, bool quiet) {
  std::map<std::string, std::string> patches;
  std::map<std::string, std::int64_t> uses_left;
  std::map<std::string, std::string> trail;
  store.each_patch([&](const StoredPatch& patch) {
    if (!patches.emplace(*patch.scope.job, patch.id).second) FAIL("two patches of " << *patch.scope.job);
    uses_left[*patch.scope.job] = *patch.uses_left;
  });
  std::map<std::string, bool> outcomes;
  store.each_attempt([&](const Attempt& attempt) {
    if (!outcomes.emplace(attempt.job, attempt.outcome.has_value()).second) FAIL("two tries of " << attempt.job);
  });
  for (const Change& change : store.changes(10'000'000))
    trail[change.patch] = change.action + " " + trail[change.patch];
  for (const auto& [job, id] : acknowledged.patches) {
    if (patches[job] != id) FAIL("lost: patch " << id << " of " << job);
  }
  for (const auto& [job, recorded] : acknowledged.outcomes) {
    if (!outcomes[job]) FAIL("lost: the outcome of " << job);
  }
  if (!quiet) return;
  for (const auto& [job, id] : patches) {
    const bool used = outcomes.contains(job);
    if (uses_left[job] != (used ? 2 : 3)) FAIL(id << " of " << job << " has " << uses_left[job] << " uses left");
    if (trail[id] != (used ? "put use " : "put ")) FAIL(id << " of " << job << " has the trail " << trail[id]);
  }
}

}  // namespace

TEST_CASE("processes killed while they write lose and double nothing that was acknowledged") {
  const Scratch scratch;
  std::mt19937 random(1);
  const auto up_to = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most)(random); };
  Acknowledged acknowledged;
  std::array<std::unique_ptr<Writer>, 4> writers;
  std::size_t lives = 0;
  for (std::size_t killed = 0, round = 1; killed < kills(); ++round) {
    for (auto& writer : writers) {
      if (!writer) writer = std::make_unique<Writer>(scratch, ++lives);
    }
    // One of them, or all at once: then the next one finds nobody who has the store open.
    const std::size_t chosen = up_to(writers.size() + 1);
    for (std::size_t lines = up_to(30); lines > 0;) {
      for (auto& writer : writers) lines -= lines > 0 && writer->hear() ? 1 : 0;
      ::usleep(200);
    }
    ::usleep(static_cast<useconds_t>(up_to(5000)));
    for (std::size_t i = 0; i < writers.size(); ++i) {
      if (chosen != i && chosen < writers.size()) continue;
      writers[i]->kill_and_tell(acknowledged);
      writers[i].reset();
      ++killed;
    }
    if (round % 10 == 0) check(*Store::open(scratch.url()), acknowledged, chosen >= writers.size());
  }
  for (auto& writer : writers) {
    if (writer) writer->kill_and_tell(acknowledged);
  }
  check(*Store::open(scratch.url()), acknowledged, true);
  CHECK(scratch.intact());
  CHECK(acknowledged.outcomes.size() > kills());
}
