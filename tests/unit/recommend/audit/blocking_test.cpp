#include <catch2/catch.hpp>

#include "jobmedic/audit.hpp"

using namespace jobmedic;

namespace {
// A report with two audits.
std::string report(const std::string& calibration, const std::string& latency) {
  return R"({"version":"1","audits":[{"name":"calibration","verdict":")" + calibration +
         R"("},{"name":"latency","verdict":")" + latency + R"("}]})";
}
using Names = std::vector<std::string>;
}  // namespace

TEST_CASE("what failed keeps a version out of service") {
  CHECK(blocking(report("passed", "passed"), "").empty());
  CHECK(blocking(report("failed", "passed"), "") == Names{"calibration"});
  CHECK(blocking(report("failed", "failed"), report("failed", "failed")) == Names{"calibration", "latency"});
}

TEST_CASE("what is undecided keeps out only what would replace a version that had passed it") {
  CHECK(blocking(report("undecided", "passed"), "").empty());
  CHECK(blocking(report("undecided", "passed"), report("undecided", "passed")).empty());
  CHECK(blocking(report("undecided", "passed"), report("failed", "passed")).empty());
  CHECK(blocking(report("undecided", "passed"), report("passed", "undecided")) == Names{"calibration"});
  CHECK(blocking(report("undecided", "passed"), R"({"version":"of before there were audits"})").empty());
}

TEST_CASE("a version that was never audited is kept out, and so is a verdict that is none") {
  CHECK(blocking("{}", "") == Names{"audits"});
  CHECK(blocking("", "") == Names{"audits"});
  CHECK(blocking(R"({"audits":[1,{"name":2},{"verdict":"passed"}]})", "") == Names{"audits"});
  CHECK(blocking(report("excellent", "passed"), report("passed", "passed")) == Names{"calibration"});
}
