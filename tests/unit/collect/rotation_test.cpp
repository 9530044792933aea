#include "collect/rotation.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/random.hpp"

using namespace jobmedic;
using namespace jobmedic::collect;

TEST_CASE("the parts of one log stand from the oldest to the newest, whoever rotated it") {
  const std::vector<std::vector<std::string>> logs{
      {"driver.stderr", "driver.stderr.10.gz", "driver.stderr.2.gz", "driver.stderr.1", "driver.stderr"},
      {"app.log", "app.log.2026-11-20", "app.log.2026-11-21.gz", "app.log"},
      {"app.log", "app.log.2026-11-20.1.gz", "app.log.2026-11-20.2.gz", "app.log.2026-11-21.1", "app.log"},
      {"app.log", "app.log-20261119.gz", "app.log-20261120", "app.log"},
      {"app.log", "app.log.2026-11-21-02", "app.log.2026-11-21-03", "app.log"},
      {"stderr", "stderr--2026-11-21--03-12-45--0123.gz", "stderr--2026-11-21--04-00-00--0001", "stderr"},
      {"executor-0.stdout", "executor-0.stdout.gz", "executor-0.stdout"}};
  Random random(3);
  for (const auto& log : logs) {
    std::vector<std::string> parts(log.begin() + 1, log.end());
    const std::vector<std::string> expected = parts;
    random.shuffle(parts);
    for (const std::string& part : parts) CHECK(parse_part_name(part).log == log[0]);
    std::sort(parts.begin(), parts.end(), [](const std::string& a, const std::string& b) {
      return is_older(parse_part_name(a), parse_part_name(b));
    });
    CHECK(parts == expected);
  }
}

TEST_CASE("a number or a date that tells no part stays in the name") {
  for (const std::string name :
       {"executor-0.stderr", "etl-2026-11-21.log", "app-20261121031200-0001", "application_1700000000000_0001",
        "driver.log.bak", "driver.stderr.x1", "part-00000.1", "report.2026", "a.log.2026-13-45", ".log", ""}) {
    CHECK(parse_part_name(name).log == name);
  }
}
