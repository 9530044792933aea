#include "classify/telling_part.hpp"

#include <catch2/catch.hpp>

using jobmedic::classify::telling_part;

TEST_CASE("a run of literals that tells enough is looked for alone") {
  CHECK(telling_part(R"(line \d+: Cannot allocate memory \(errno=\d+\))") == R"((?:: Cannot allocate memory \())");
  CHECK(telling_part(R"([a-z]{2,5} quota of bucket exceeded by \w{1,9} now)") == "(?: quota of bucket exceeded by )");
  CHECK(telling_part(R"(task .{1,80} to FAILED)") == "(?: to FAILED)");  // short, but of rare bytes
  CHECK(telling_part("(?:disk of the host is full|no space left on device)") ==
        "(?:(?:disk of the host is full|no space left on device))");
}

TEST_CASE("a run is cut where its last eight bytes are rarest") {
  CHECK(telling_part("RESOURCE_EXHAUSTED for this connection") == "(?:RESOURCE_EXHAUSTED)");
  CHECK(telling_part("the connection is closed") == "(?:the connection is closed)");
}

TEST_CASE("where no run tells enough, what stands around it is looked for, too") {
  CHECK(telling_part(R"(bad \d{1,3} disk)") == R"((?:bad \d{1,3} disk))");
  CHECK(telling_part("object .+ not found") == "(?:object .+ not found)");
  CHECK(telling_part("(?:ab|.+)") == std::nullopt);
}

TEST_CASE("a group that tells enough is looked for without what leads to it") {
  CHECK(telling_part("(?:rm|cp|mv): (?:cannot remove it|target is none)").value() ==
        "(?:(?:cannot remove it|target is none))");
  CHECK(telling_part("(?:rm|cp): (?:cannot remove it|no file)").value() ==
        "(?:(?:rm|cp): (?:cannot remove it|no file))");
  CHECK(telling_part("(?:rm|cp): (?:cannot remove it)?busy").value() == "(?:(?:rm|cp): (?:cannot remove it){0,1}busy)");
}
