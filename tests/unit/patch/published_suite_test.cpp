// The suite of github.com/json-patch/json-patch-tests, all of it: the disabled records too.
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <catch2/catch.hpp>

#include "core/file.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "json/value.hpp"
#include "test_data.hpp"

using namespace jobmedic;

namespace {

std::string text_of(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return buffer.GetString();
}

struct Tally {
  int expected = 0;
  int refused = 0;
  int disabled = 0;
};

void try_record(const rapidjson::Value& record, Tally& tally) {
  const std::string document = text_of(record["doc"]);
  const std::string patch = text_of(record["patch"]);
  INFO(text_of(record));
  if (record.HasMember("disabled")) ++tally.disabled;
  if (record.HasMember("error")) {
    ++tally.refused;
    CHECK_THROWS_AS(apply_patch(document, patch), Error);
    return;
  }
  ++tally.expected;
  // A record without "expected" asks only that the patch applies: it tests, and changes nothing.
  const std::string expected = record.HasMember("expected") ? text_of(record["expected"]) : document;
  CHECK(json::parse(apply_patch(document, patch)) == json::parse(expected));
}

Tally run(const char* file) {
  rapidjson::Document records;
  records.Parse(read_file(test_data(std::string("json-patch-tests/") + file)).c_str());
  REQUIRE(records.IsArray());
  Tally tally;
  for (const auto& record : records.GetArray()) try_record(record, tally);
  return tally;
}

}  // namespace

TEST_CASE("every record of the published JSON Patch suite is answered as it says") {
  REQUIRE_TEST_DATA("json-patch-tests");
  const Tally tests = run("tests.json");
  CHECK(tests.expected == 64);
  CHECK(tests.refused == 31);
  CHECK(tests.disabled == 3);  // a scalar document, a test of the whole document, an operation with two "op": all pass
  const Tally specification = run("spec_tests.json");
  CHECK(specification.expected == 12);
  CHECK(specification.refused == 5);
  CHECK(specification.disabled == 1);  // an operation with two "op": passes
}
