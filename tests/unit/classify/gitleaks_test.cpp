// A rule set that nobody here wrote: the regexes of gitleaks, RE2 syntax.
#include <catch2/catch.hpp>
#include <iostream>

#include "classify_helpers.hpp"
#include "naive.hpp"
#include "test_data.hpp"

using namespace jobmedic;

namespace {

// The members "id" and "regex" of each [[rules]]; that file has them on one line each, in literal quotes.
std::vector<std::pair<std::string, std::string>> read_gitleaks(std::string_view toml) {
  std::vector<std::pair<std::string, std::string>> rules;
  bool in_rule = false;
  while (!toml.empty()) {
    const std::string_view line = toml.substr(0, toml.find('\n'));
    toml.remove_prefix(std::min(line.size() + 1, toml.size()));
    if (line.starts_with("[")) {
      in_rule = line == "[[rules]]";
      if (in_rule) rules.emplace_back();
    }
    constexpr std::string_view id = "id = \"";
    constexpr std::string_view regex = "regex = '''";
    if (in_rule && line.starts_with(id)) rules.back().first = line.substr(id.size(), line.rfind('"') - id.size());
    if (in_rule && line.starts_with(regex)) {
      rules.back().second = line.substr(regex.size(), line.rfind("'''") - regex.size());
    }
  }
  return rules;
}

}  // namespace

TEST_CASE("the regexes of gitleaks load as rules, and find in its own file what PCRE2 finds there") {
  REQUIRE_TEST_DATA("gitleaks");
  const std::string toml = read_file(test_data("gitleaks/gitleaks.toml"));
  std::vector<Rule> rules;
  int without = 0;
  for (const auto& [id, regex] : read_gitleaks(toml)) {
    Rule rule;
    rule.name = id;
    rule.category = "permission";
    rule.regex = regex;
    if (regex.empty()) {  // it asks for the names of files only
      ++without;
      std::cout << "gitleaks: " << id << " has no regex\n";
      continue;
    }
    try {
      static_cast<void>(RuleSet::of({rule}));
      rules.push_back(rule);
    } catch (const Error& error) {
      FAIL_CHECK(error.what());
    }
  }
  std::cout << "gitleaks: " << rules.size() << " rules load, " << without << " have no regex\n";
  CHECK(rules.size() + static_cast<std::size_t>(without) == 222);
  CHECK(without <= 1);

  const Classifier classifier(RuleSet::of(rules), {{{}, false}});
  const std::vector<Log> logs{{"", toml}};
  const Classification verdict = classifier.classify(logs);
  CHECK(verdict.notes.empty());
  std::map<std::string, std::uint64_t> found;
  if (verdict.classified) found[verdict.rule] = verdict.evidence->offset;
  for (const RuleMatch& match : verdict.other_matches) found[match.rule] = match.evidence.offset;
  std::map<std::string, std::uint64_t> expected;
  for (const Rule& rule : rules) {
    if (const auto match = naive::first_match(rule, logs)) expected[rule.name] = match->offset;
  }
  CHECK(found == expected);
  CHECK(found.size() >= 3);
}
