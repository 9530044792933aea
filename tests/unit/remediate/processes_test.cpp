// The chain between processes: one heals, another starts the retry.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "engines.hpp"
#include "process.hpp"

using namespace jobmedic;

TEST_CASE("what one process recommends, another gets for that job, and no other job does") {
  const Scratch scratch;
  const std::string config = engine_config(scratch.url());
  CHECK(run_process({config, "remediate", "nightly", "1"}).find("\"retry_with_patch\"") != std::string::npos);
  const std::string healed = run_process({config, "get", failed_attempt("nightly", 2).to_json()});
  CHECK(member(healed, "config", "spark.executor.memory") != "\"2g\"");
  CHECK(member(healed, "config", "spark.app.name") == "\"SessionRollup\"");
  const std::string other = run_process({config, "get", failed_attempt("hourly", 2).to_json()});
  CHECK(member(other, "config") == failed_attempt("hourly").config);
  CHECK(member(other, "applied") == "[]");
}

TEST_CASE("two processes that race to remediate the same attempts give the same hundred answers") {
  const Scratch scratch;
  const std::string config = engine_config(scratch.url(), R"(,"loop":{"quarantine_after":0})");
  Process one({config, "remediate", "j", "100"});
  Process two({config, "remediate", "j", "100"});
  const std::string first = one.rest_of_output();
  const std::string second = two.rest_of_output();
  CHECK(first == second);
  std::istringstream lines(first);
  std::set<std::string> patches;
  for (std::string line; std::getline(lines, line);) patches.insert(member(line, "patch_id"));
  CHECK(patches.size() == 100);
  CHECK(Store::open(scratch.url())->patches().size() == 100);
}

TEST_CASE("killed between saving and answering, a repeat gives the answer that was saved") {
  const Scratch scratch;
  const std::string config = engine_config(scratch.url());
  const auto store = Store::open(scratch.url());
  for (int round = 0; round < 10; ++round) {
    const std::string job = "j" + std::to_string(round);
    Process dying({config, "unanswered", job});
    std::optional<std::string> saved;
    while (!(saved = store->remediation(job, "1", 1))) ::usleep(500);
    dying.kill();
    CHECK(dying.rest_of_output() == "ready\n");
    CHECK(run_process({config, "remediate", job, "1"}) == *saved + "\n");
  }
  CHECK(store->patches().size() == 10);
}

TEST_CASE("killed at any moment, a repeat gives one answer, and its patch is there once") {
  const Scratch scratch;
  const std::string config = engine_config(scratch.url());
  const auto store = Store::open(scratch.url());
  constexpr int rounds = 40;
  for (int round = 0; round < rounds; ++round) {
    const std::string job = "j" + std::to_string(round);
    Process dying({config, "unanswered", job});
    REQUIRE(dying.line() == "ready");
    ::usleep(static_cast<useconds_t>(round * 250));
    dying.kill();
    const auto saved = store->remediation(job, "1", 1);
    const std::string repeated = run_process({config, "remediate", job, "1"});
    if (saved) CHECK(repeated == *saved + "\n");
    CHECK(run_process({config, "remediate", job, "1"}) == repeated);
    Attempt next = failed_attempt(job, 2);
    next.engine = "spark";
    const ConfigAnswer answer = Engine(config).get_config(next);
    REQUIRE(answer.applied.size() == 1);
    CHECK(member(repeated, "patch_id") == "\"" + answer.applied[0] + "\"");
  }
  CHECK(store->patches().size() == rounds);
  CHECK(scratch.intact());
}
