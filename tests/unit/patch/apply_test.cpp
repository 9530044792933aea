#include <catch2/catch.hpp>

#include "cases.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"

using namespace jobmedic;

TEST_CASE("a patch is applied in order and the document keeps its own") {
  for (const json::Value& test : cases("applied")) {
    INFO(text_of(test, "why"));
    CHECK(apply_patch(json_of(test, "document"), json_of(test, "patch")) == text_of(test, "text"));
  }
}

TEST_CASE("a patch that does not apply is refused with the operation and the place") {
  for (const json::Value& test : cases("refused")) {
    INFO(text_of(test, "why"));
    bool refused = false;
    try {
      apply_patch(json_of(test, "document"), json_of(test, "patch"));
    } catch (const Error& error) {
      refused = true;
      CHECK(error.what() == text_of(test, "message"));
      CHECK(error.detail() == json_of(test, "detail"));
      const bool in_operation = test.find("detail")->find("operation") != nullptr;
      CHECK(error.status() == (in_operation ? Status::patch : Status::schema));
    }
    CHECK(refused);
  }
}

TEST_CASE("malformed JSON is told with the side it is on and its offset") {
  const auto error_of = [](const char* document, const char* patch) {
    try {
      return apply_patch(document, patch);
    } catch (const Error& error) {
      CHECK(error.status() == Status::parse);
      return error.what() + std::string(" ") + error.detail();
    }
  };
  CHECK(error_of("{\"a\":1,}", "[]").starts_with("document: byte 7: "));
  CHECK(error_of("{}", "[{\"op\":\"add\"").starts_with("patch: byte 12: "));
  CHECK(error_of("{}", "[{\"op\":\"add\"").ends_with("{\"offset\":12}"));
  CHECK(error_of("{}", "[{\"op\":\"test\",\"op\":\"remove\",\"path\":\"/a\"}]").find("\"op\" occurs twice") !=
        std::string::npos);
  CHECK(error_of("18446744073709551616", "[]").find("beyond 64-bit integers") != std::string::npos);
}
