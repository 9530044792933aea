#include "jobmedic/attempt.hpp"

#include <catch2/catch.hpp>

#include "jobmedic/error.hpp"
#include "json/value.hpp"

using namespace jobmedic;

namespace {
std::string message_of(const char* text) {
  try {
    Attempt::parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}
}  // namespace

TEST_CASE("an attempt is read with its members, and unknown ones survive writing") {
  const std::string text = R"({"schema":"jobmedic.attempt/1","job":"nightly","run":"r1","attempt":2,"engine":"spark",
      "labels":{"user":"ana"},"config":{"b":"2g","a":1},"metrics":{"input_bytes":81923811},"duration_s":812.4,
      "outcome":{"succeeded":false,"cost_usd":1.83,"exit_code":1,"failure_class":"x"},"team":"etl"})";
  const Attempt attempt = Attempt::parse(text);
  CHECK(attempt.job == "nightly");
  CHECK(attempt.attempt == 2);
  CHECK(attempt.config == R"({"b":"2g","a":1})");
  CHECK(attempt.metrics.at("input_bytes") == 81923811);
  REQUIRE(attempt.outcome);
  CHECK(attempt.outcome->exit_code == 1);
  CHECK(json::parse(attempt.to_json()) == json::parse(text));
}

TEST_CASE("a wrong type is named with its JSON Pointer") {
  CHECK(message_of(R"({"schema":"jobmedic.attempt/1","job":"j","outcome":{"succeeded":true,"cost_usd":"1.8 USD"}})") ==
        R"(/outcome/cost_usd: expected a number, found "1.8 USD")");
  CHECK(message_of(R"({"schema":"jobmedic.attempt/1"})") == "/job: is missing");
  CHECK(message_of(R"({"schema":"jobmedic.attempt/2","job":"j"})") ==
        R"(/schema: expected "jobmedic.attempt/1", found "jobmedic.attempt/2")");
  CHECK(message_of(R"({"schema":"jobmedic.attempt/1","job":"j","duration_s":-1})").find("/duration_s") == 0);
  CHECK(message_of(R"({"schema":"jobmedic.attempt/1","job":"j","started_at":"yesterday"})").find("/started_at") == 0);
  CHECK(message_of("[]") == "document: expected an object, found an array");
}
