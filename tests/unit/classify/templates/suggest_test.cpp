#include "jobmedic/suggest.hpp"

#include <catch2/catch.hpp>

#include "../classify_helpers.hpp"

using namespace jobmedic;

namespace {

UnclassifiedFailure failure(const std::string& job, double cost, const std::string& log) {
  FailureMiner miner;
  miner.feed("driver.stderr", log);
  return {job, "r1", 1, cost, miner.result()};
}

const std::string lease =
    "ERROR Main: job failed\nacme.JobError: job failed\nCaused by: acme.LeaseGone"
    "Exception: lease 17 of vault north is gone\n";
const std::string other_lease =
    "ERROR Main: job failed\nacme.JobError: job failed\nCaused by: acme.LeaseGone"
    "Exception: lease 9 of vault north is gone\n";
const std::string refusal = "ERROR Main: job failed\njava.net.ConnectException: Connection refused by ledger\n";

Classification by(const Suggestion& suggestion, const std::string& log) {
  const auto set = RuleSet::parse(R"({"schema":"jobmedic.rules/1","rules":[)" + suggestion.rule_json() + "]}");
  return classify_one(uncached(set), log);
}

}  // namespace

TEST_CASE("failures of one cause give one rule, which classifies them and not others") {
  const auto found =
      suggest_rules({failure("a", 1, lease), failure("b", 2, other_lease), failure("c", 2.5, refusal)}, {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].text == "acme.LeaseGoneException: lease <*> of vault north is gone");
  CHECK(found[0].rule.regex == R"(acme\.LeaseGoneException:\s+lease\s+.{1,200}\s+of\s+vault\s+north\s+is\s+gone)");
  CHECK(found[0].cost_usd == 3);
  REQUIRE(found[0].would_classify.size() == 2);
  CHECK(found[0].would_classify[1].job == "b");
  CHECK(found[0].rule.matches.size() == 2);
  CHECK(found[0].needs_choice);
  CHECK(by(found[0], lease).classified);
  CHECK(by(found[0], other_lease).classified);
  CHECK_FALSE(by(found[0], refusal).classified);
  CHECK(found[1].rule.category == "transient_infra");
  CHECK(found[1].rule.restartable);
  CHECK_FALSE(found[1].needs_choice);
}

TEST_CASE("what costs most comes first, then what is most frequent") {
  const auto found = suggest_rules({failure("a", 0, lease), failure("b", 0, lease), failure("c", 0, refusal)}, {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].would_classify.size() == 2);
  SuggestOptions one;
  one.most = 1;
  CHECK(suggest_rules({failure("a", 1, lease), failure("c", 9, refusal)}, {}, {}, one)[0].cost_usd == 9);
}

TEST_CASE("a candidate that matches a known rule's example or an innocent log is refused, and the next line serves") {
  const std::string two =
      "ERROR Ledger: entry 5 could not be closed\nacme.LeaseGoneException: lease 17 of vault north is gone\n";
  const auto known =
      RuleSet::parse(R"({"schema":"jobmedic.rules/1","rules":[{"name":"Lease","regex":"vault [a-z]+ is gone now",
      "category":"data","matches":["acme.LeaseGoneException: lease 3 of vault north is gone now"]}]})");
  const auto by_example = suggest_rules({failure("a", 1, two)}, known);
  REQUIRE(by_example.size() == 1);
  CHECK(by_example[0].text.find("could not be closed") != std::string::npos);

  const auto innocent = [](const Classifier& candidates) {
    std::vector<std::string> names;
    for (const Rule& rule : candidates.rules().rules()) {
      if (rule.regex.find("LeaseGone") != std::string::npos) names.push_back(rule.name);
    }
    return names;
  };
  CHECK(suggest_rules({failure("a", 1, two)}, {}, innocent)[0].text.find("could not be closed") != std::string::npos);
}

TEST_CASE("a line that says nothing of its own becomes no rule") {
  CHECK(suggest_rules({failure("a", 1, "ERROR task 7 failed\n")}, {}).empty());
  CHECK(suggest_rules({failure("a", 1, "12:00\n")}, {}).empty());
  CHECK(suggest_rules({}, {}).empty());
}

TEST_CASE("names are unique, also among the rules known") {
  const auto first = suggest_rules({failure("a", 1, lease)}, {});
  const auto again = suggest_rules({failure("a", 1, lease)}, rules_of({{first[0].rule.name, "something else"}}));
  CHECK(again[0].rule.name == first[0].rule.name + "2");
}

TEST_CASE("suggestions are rules that can be read, and read back equal") {
  const auto found = suggest_rules({failure("a", 1, lease), failure("c", 2.5, refusal)}, {});
  const std::string document = suggestions_to_json(found);
  CHECK(RuleSet::parse(document).rules().size() == 2);
  CHECK(suggestions_to_json(parse_suggestions(document)) == document);
}

TEST_CASE("a hostile line becomes a regex that matches itself, or no rule") {
  for (const std::string text : {R"(ERROR \Q(((((unbalanced [[[ brackets ***+++ {1,9999999} end of story)",
                                 R"(ERROR (?R) recursion (*COMMIT) verbs $^ anchors # comments here)",
                                 "ERROR \xFF\xFE bytes that are no text at all \xC3"}) {
    for (const Suggestion& suggestion : suggest_rules({failure("a", 1, text + "\n")}, {})) {
      CHECK(by(suggestion, suggestion.rule.matches.at(0)).classified);
    }
  }
  std::string wild = "ERROR";
  for (int i = 0; i < 40; ++i)
    wild += " word" + std::string(1, static_cast<char>('a' + i % 26)) + " " + std::to_string(i);
  const auto found = suggest_rules({failure("a", 1, wild + "\n")}, {});
  REQUIRE(found.size() == 1);
  const std::string& regex = found[0].rule.regex;
  std::size_t wildcards = 0;
  for (std::size_t at = 0; (at = regex.find(".{1,200}", at)) != std::string::npos; ++at) ++wildcards;
  CHECK(wildcards <= 3);
}
