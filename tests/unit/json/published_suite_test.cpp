// The suite of github.com/nst/JSONTestSuite: y_ must be accepted, n_ refused, i_ is ours to decide but not to crash on.
#include <catch2/catch.hpp>

#include "core/file.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "test_data.hpp"

using namespace jobmedic;

namespace {

bool accepted(const std::string& text) {
  try {
    const json::Value value = json::parse(text);
    CHECK(json::parse(json::write(value)) == value);
    return true;
  } catch (const Error& error) {
    CHECK(error.status() == Status::parse);
    return false;
  }
}

// RFC 8259 wants names to be unique and lets a parser choose; jobmedic refuses rather than to pick one of two.
bool has_a_duplicate_member(const std::string& name) {
  return name.starts_with("y_object_duplicated_key");
}

}  // namespace

TEST_CASE("every file of the published JSON suite is accepted or refused as its name says") {
  REQUIRE_TEST_DATA("JSONTestSuite");
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test_data("JSONTestSuite/test_parsing"))) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    const bool answer = accepted(read_file(entry.path()));
    if (name.starts_with("y_")) CHECK(answer == !has_a_duplicate_member(name));
    if (name.starts_with("n_")) CHECK_FALSE(answer);
    ++files;
  }
  CHECK(files == 318);
}
