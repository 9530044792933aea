// The chain between processes: one heals, another starts the retry.
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
  const std::string config = engine_config(scratch.url());
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
