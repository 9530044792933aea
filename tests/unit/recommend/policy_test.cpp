#include "jobmedic/policy.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "jobmedic/error.hpp"

using namespace jobmedic;

namespace {
std::string refusal(std::string_view text) {
  try {
    Policy::parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}
}  // namespace

TEST_CASE("a policy is read member by member; the others keep their defaults") {
  const Policy policy = Policy::parse(
      R"({"alpha":2,"beta":0.5,"max_failure_probability":0.3,"disable_above":0.95,"max_growth":4,"iterations":12,
          "deadline_ms":50,"gib_hour_usd":0.02,"core_hour_usd":0.03,"max_retries":1,"seed":7,"unknown":true})");
  CHECK(policy.alpha == 2);
  CHECK(policy.beta == 0.5);
  CHECK(policy.max_failure_probability == 0.3);
  CHECK(policy.disable_above == 0.95);
  CHECK(policy.max_growth == 4);
  CHECK(policy.iterations == 12);
  CHECK(policy.deadline == std::chrono::milliseconds(50));
  CHECK(policy.gib_hour_usd == 0.02);
  CHECK(policy.core_hour_usd == 0.03);
  CHECK(policy.max_retries == 1);
  CHECK(policy.seed == 7);
  CHECK(Policy::parse("{}").alpha == Policy().alpha);
}

TEST_CASE("a policy that makes no sense is refused with its pointer") {
  CHECK(refusal(R"({"alpha":-1})") == "/alpha: expected a number from 0 to 1000000, found -1");
  CHECK(refusal(R"({"alpha":"much"})") == R"(/alpha: expected a number, found "much")");
  CHECK(refusal(R"({"max_failure_probability":1.5})") ==
        "/max_failure_probability: expected a number from 0 to 1, found 1.5");
  CHECK(refusal(R"({"max_growth":0.5})") == "/max_growth: expected a number from 1 to 1024, found 0.5");
  CHECK(refusal(R"({"iterations":0})") == "/iterations: expected an integer from 1 to 10000, found 0");
  CHECK(refusal(R"({"deadline_ms":-5})") == "/deadline_ms: expected an integer from 0 to 3600000, found -5");
  CHECK(refusal("[]") == "document: expected an object, found an array");
}

TEST_CASE("a policy built in code is checked, too") {
  Policy policy;
  policy.beta = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(policy.check(), Error);
  policy = Policy();
  policy.iterations = 0;
  CHECK_THROWS_AS(policy.check(), Error);
}
