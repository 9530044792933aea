#include <catch2/catch.hpp>

#include "classify_helpers.hpp"
#include "jobmedic/classify.hpp"

using namespace jobmedic;

namespace {
RuleSet two_rules() {
  return RuleSet::parse(R"({"schema": "jobmedic.rules/1", "rules": [
      {"name": "Heap", "regex": "Java heap space", "category": "memory_config"},
      {"name": "Lost", "regex": "(?<what>Executor)LostFailure", "category": "transient_infra"}]})");
}
}  // namespace

TEST_CASE("the first rule in order wins over an earlier line of a later rule") {
  const Classifier classifier(two_rules(), {{{}, false}});
  const std::vector<Log> logs{{"driver.stderr", "ExecutorLostFailure\njava.lang.OutOfMemoryError: Java heap space\n"}};
  const Classification verdict = classifier.classify(logs);
  CHECK(verdict.rule == "Heap");
  REQUIRE(verdict.evidence);
  CHECK(verdict.evidence->line == 2);
  CHECK(verdict.evidence->offset == 48);
  CHECK(verdict.evidence->text == "java.lang.OutOfMemoryError: Java heap space");
  REQUIRE(verdict.other_matches.size() == 1);
  CHECK(verdict.other_matches[0].evidence.captures.at("what") == "Executor");
}

TEST_CASE("a verdict survives writing and reading") {
  const Classifier classifier(two_rules(), {{{}, false}});
  const std::vector<Log> logs{{"driver.stderr", "ExecutorLostFailure\njava.lang.OutOfMemoryError: Java heap space\n"}};
  const std::string document = classifier.classify(logs).to_json();
  CHECK(Classification::parse(document).to_json() == document);
}

TEST_CASE("the logs of an attempt that succeeded are not judged") {
  const Classifier classifier = uncached(rules_of({{"Lost", "lost"}}));
  const std::vector<Log> logs{{"driver.stderr", "lost\n"}};
  Attempt attempt;
  attempt.job = "j";
  attempt.outcome.emplace();
  CHECK(classifier.classify(logs, &attempt).rule == "Lost");
  attempt.outcome->succeeded = true;
  const Classification verdict = classifier.classify(logs, &attempt);
  CHECK_FALSE(verdict.classified);
  CHECK(verdict.log_bytes == 5);
  CHECK(verdict.notes == std::vector<std::string>{"the attempt succeeded, so its logs were not judged"});
}
