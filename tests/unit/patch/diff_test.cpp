#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "cases.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"

using namespace jobmedic;
using json::Array;
using json::Object;
using json::Value;

namespace {

// Small values from a small alphabet, so that two of them have much in common.
class Documents {
 public:
  explicit Documents(std::uint32_t seed) : random_(seed) {}

  Value value(int depth = 0) {
    const auto kind = pick(depth < 4 ? 8 : 6);
    if (kind < 2) return static_cast<std::int64_t>(pick(4));
    if (kind == 2) return 0.5 * static_cast<double>(pick(5));
    if (kind == 3) return names_[pick(names_.size())];
    if (kind == 4) return pick(2) == 0;
    if (kind == 5) return nullptr;
    return kind == 6 ? array(depth) : object(depth);
  }

  // A document a few changes away, which random pairs seldom are.
  Value changed(const Value& before, int depth = 0) {
    if (pick(6) == 0) return value(depth);
    if (const auto* elements = before.as<Array>()) {
      Array after;
      for (const Value& element : *elements) {
        if (pick(8) != 0) after.push_back(pick(4) == 0 ? changed(element, depth + 1) : element);
        if (pick(8) == 0) after.push_back(value(depth + 1));
      }
      return after;
    }
    if (const auto* members = before.as<Object>()) {
      Object after;
      for (const auto& [name, member] : *members) {
        if (pick(8) != 0) after.emplace_back(name, pick(4) == 0 ? changed(member, depth + 1) : member);
      }
      return after;
    }
    return pick(2) == 0 ? before : value(depth);
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }

  Value array(int depth) {
    Array elements(pick(7));
    for (Value& element : elements) element = value(depth + 1);
    return elements;
  }
  Value object(int depth) {
    Object members;
    for (const char* name : names_) {
      if (pick(2) == 0) members.emplace_back(name, value(depth + 1));
    }
    return members;
  }

  std::mt19937 random_;
  static constexpr std::array<const char*, 7> names_{"", "a", "b", "0", "-", "x/y", "m~n"};
};

}  // namespace

TEST_CASE("a difference says what changed and no more") {
  for (const Value& test : cases("differences")) {
    INFO(text_of(test, "why"));
    const std::string patch = diff(json_of(test, "from"), json_of(test, "to"));
    CHECK(patch == json_of(test, "patch"));
    CHECK(json::parse(apply_patch(json_of(test, "from"), patch)) == *test.find("to"));
  }
}

TEST_CASE("applying the difference gives the other document, for 100,000 random pairs, or a million") {
  const int pairs = std::getenv("JOBMEDIC_ALL_RUNS") != nullptr ? 1'000'000 : 100'000;
  Documents documents(20261122);
  for (int i = 0; i < pairs; ++i) {
    const Value from = documents.value();
    const Value to = i % 2 == 0 ? documents.value() : documents.changed(from);
    const std::string from_text = json::write(from);
    const std::string patch = diff(from_text, json::write(to));
    const bool same = json::parse(apply_patch(from_text, patch)) == to;
    if (!same) FAIL(from_text << " -> " << json::write(to) << ": " << patch);
    if ((from == to) != (patch == "[]")) FAIL(from_text << " -> " << json::write(to) << ": " << patch);
  }
  SUCCEED();
}

TEST_CASE("malformed JSON is told with the side it is on") {
  CHECK_THROWS_WITH(diff("{", "{}"), Catch::StartsWith("from: byte 1: "));
  CHECK_THROWS_WITH(diff("{}", "nul"), Catch::StartsWith("to: byte "));
}
