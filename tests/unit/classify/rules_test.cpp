#include "jobmedic/rules.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "../temporary_folder.hpp"
#include "classify_helpers.hpp"
#include "core/embedded.hpp"

using namespace jobmedic;

namespace {

std::string one_rule(const std::string& name) {
  return R"({"schema": "jobmedic.rules/1", "rules": [{"name": ")" + name + R"(", "regex": "x", "category": "data"}]})";
}

void write(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder.path() / name) << text;
}

std::vector<std::string> names_of(const RuleSet& rules) {
  std::vector<std::string> names;
  for (const Rule& rule : rules.rules()) names.push_back(rule.name);
  return names;
}

}  // namespace

TEST_CASE("a bad rule is refused with its file, its number, its name and what is wrong") {
  const json::Value cases = classify_data("bad_rules.json");
  for (const json::Reader& entry : json::Reader(cases).at("cases").items()) {
    const std::string text =
        entry.value().find("text") != nullptr ? entry.at("text").string() : json::write(entry.at("document").value());
    CAPTURE(text);
    CHECK(message_of([&] { uncached(RuleSet::parse(text, "mine.json")); }) == entry.at("message").string());
  }
}

TEST_CASE("the detail of a bad regex names file, rule and column") {
  try {
    RuleSet::parse(R"({"schema":"jobmedic.rules/1","rules":[{"name":"A","regex":"a[b","category":"data"}]})", "f.json");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.status() == Status::rules);
    CHECK(json::parse(error.detail()) ==
          json::object({{"file", "f.json"}, {"rule", "A"}, {"number", 1}, {"column", 4}}));
  }
}

TEST_CASE("a list of regexes is the one of which any may match") {
  const RuleSet rules = RuleSet::parse(R"({"schema":"jobmedic.rules/1","rules":[
      {"name":"A","regex":["disk full","quota of (?<user>\\w+) exceeded"],"category":"resource_limit"}]})");
  CHECK(rules.rules().front().regex == R"(disk full|quota of (?<user>\w+) exceeded)");
}

TEST_CASE("the shipped rules pass every check that a user's must pass") {
  for (const EmbeddedFile& file : embedded::rules()) {
    if (file.name != "manifest.json") CHECK(message_of([&] { RuleSet::parse(file.text, file.name); }).empty());
  }
}

TEST_CASE("unknown members of a rule are ignored") {
  const RuleSet rules = RuleSet::parse(R"({"schema":"jobmedic.rules/1","author":"ana","rules":[
      {"name":"A","regex":"a","category":"data","owner":["B"],"since":3}]})");
  CHECK(names_of(rules) == std::vector<std::string>{"A"});
}

TEST_CASE("a folder is read in its manifest's order, else by name") {
  const TemporaryFolder folder;
  write(folder, "a.json", one_rule("A"));
  write(folder, "b.json", one_rule("B"));
  write(folder, "notes.txt", "no rules");
  CHECK(names_of(RuleSet::load(folder.path())) == std::vector<std::string>{"A", "B"});
  write(folder, "manifest.json", R"({"files": ["b.json", "a.json"]})");
  CHECK(names_of(RuleSet::load(folder.path())) == std::vector<std::string>{"B", "A"});
  write(folder, "manifest.json", R"({"files": ["../a.json"]})");
  CHECK(message_of([&] { RuleSet::load(folder.path()); }) ==
        (folder.path() / "manifest.json").string() +
            R"(: /files/0: expected the name of a file beside the manifest, found "../a.json")");
}

TEST_CASE("a rules file that is not there is told by its path") {
  CHECK(message_of([] { RuleSet::load("no/such.json"); }) == "no/such.json: No such file or directory");
}

TEST_CASE("a name is taken once, but a user's rule replaces the shipped one of its name") {
  RuleSet mine = RuleSet::parse(one_rule("A"), "mine.json");
  CHECK(message_of([&] { mine.append(RuleSet::parse(one_rule("A"), "other.json")); }) ==
        R"(other.json: rule 1 "A": name: is taken by a rule of mine.json)");

  const RuleSet shipped = RuleSet::shipped();
  REQUIRE_FALSE(shipped.rules().empty());
  const std::string name = shipped.rules().front().name;
  RuleSet before = RuleSet::parse(one_rule(name), "mine.json");
  before.append(shipped);
  CHECK(before.rules().size() == shipped.rules().size());
  CHECK(before.rules().front().file == "mine.json");

  RuleSet after = RuleSet::shipped();
  after.append(RuleSet::parse(one_rule(name), "mine.json"));
  CHECK(after.rules().size() == shipped.rules().size());
  CHECK(after.rules().back().file == "mine.json");
}
