#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "jobmedic/collect.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;

namespace {

std::string problem(const std::string& sources) {
  try {
    Collector::parse(fmt::format(R"({{"schema": "jobmedic.collector/1", "sources": {}}})", sources));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a collector document says kind, place, limits and whether a source is required") {
  const Collector collector = Collector::parse(R"({"schema": "jobmedic.collector/1", "sources": [
      {"name": "driver", "path": "/logs/{run}/driver.stderr", "required": true, "unknown": 1},
      {"name": "yarn", "command": ["yarn", "logs", "-applicationId", "{id}"], "log": "container.log",
       "limit_bytes": 1000, "timeout_s": 2.5},
      {"name": "events", "kind": "event_log", "path": "/events/{id}"},
      {"name": "work", "kind": "work_directory", "path": "/opt/spark/work/{id}"},
      {"name": "all", "kind": "glob", "path": "/logs/*"}]})");
  const auto& sources = collector.sources();
  using Kind = LogSource::Kind;
  REQUIRE(sources.size() == 5);
  CHECK((sources[0].kind == Kind::file && sources[0].required && sources[0].limit_bytes == 0));
  CHECK((sources[1].kind == Kind::command && !sources[1].required && sources[1].limit_bytes == 1000));
  CHECK((sources[1].timeout_s == 2.5 && sources[1].log == "container.log" && sources[1].command.size() == 4));
  CHECK(
      (sources[2].kind == Kind::event_log && sources[3].kind == Kind::work_directory && sources[4].kind == Kind::glob));
}

TEST_CASE("a bad collector document is refused with the place") {
  const std::vector<std::pair<std::string, std::string>> bad{
      {"[]", "/sources: names no source"},
      {R"([{"path": "a"}])", "/sources/0/name: is missing"},
      {R"([{"name": "a"}])", "/sources/0/path: is missing"},
      {R"([{"name": "a", "path": ""}])", "/sources/0/path: is empty"},
      {R"([{"name": "a", "path": "x"}, {"name": "a", "path": "y"}])", "/sources/1/name: another source has this name"},
      {R"([{"name": "a", "kind": "files", "path": "x"}])", "/sources/0/kind: expected \"file\""},
      {R"([{"name": "a", "kind": "command", "path": "x"}])", "/sources/0/command: is missing"},
      {R"([{"name": "a", "command": []}])", "/sources/0/command: names no program"},
      {R"([{"name": "a", "command": ["{job}"]}])",
       "/sources/0/command: the program itself cannot come from an attempt"},
      {R"([{"name": "a", "command": ["yarn", "{id"]}])", "/sources/0/command/1: a single brace"},
      {R"([{"name": "a", "path": "x", "limit_bytes": -1}])", "/sources/0/limit_bytes: expected an integer from 0"},
      {R"([{"name": "a", "path": "x", "timeout_s": "1m"}])", "/sources/0/timeout_s: expected a number"}};
  for (const auto& [sources, message] : bad) CHECK_THAT(problem(sources), Catch::StartsWith(message));
}
