// Secrets in a log do not get into the document, wherever a cap or a piece of the log cuts.
#include <catch2/catch.hpp>

#include "classify_helpers.hpp"

using namespace jobmedic;

namespace {

const std::string secret = "Zq8Xw2Vk7Tb4Rn6Mj3Hs5Gd1Fc9Lp0";

// No four bytes in a row of the secret are in the document.
void check_hidden(const Classification& verdict) {
  const std::string document = verdict.to_json();
  for (std::size_t i = 0; i + 4 <= secret.size(); ++i) {
    CAPTURE(secret.substr(i, 4));
    REQUIRE(document.find(secret.substr(i, 4)) == std::string::npos);
  }
}

Classification in_pieces(const Classifier& classifier, std::string_view log, std::size_t size) {
  Scan scan = classifier.scan();
  for (std::size_t at = 0; at < log.size(); at += size) scan.feed("driver.stderr", log.substr(at, size));
  return scan.result();
}

}  // namespace

TEST_CASE("evidence and captures are masked, and the rest of the line is as it was") {
  const auto classifier =
      uncached(rules_of({{"url", "cannot connect to (?<url>\\S+)"}, {"whole", "password=(?<what>\\w+)"}}));
  const Classification verdict =
      classify_one(classifier, "ok\ncannot connect to x://etl:" + secret + "@h/db password=" + secret + "\n");
  check_hidden(verdict);
  CHECK(verdict.evidence->text == "cannot connect to x://etl:****@h/db password=****");
  CHECK(verdict.evidence->captures.at("url") == "x://etl:****@h/db");
  CHECK(verdict.other_matches[0].evidence.captures.at("what") == "****");
  CHECK(verdict.evidence->offset == 3);
}

TEST_CASE("a secret at any place of a long line leaves no half where the evidence is cut") {
  const auto classifier = uncached(rules_of({{"mark", "MARK(?<rest>.*)"}}));
  for (const std::size_t mark : {0, 700, 1500}) {
    for (std::size_t at = 0; at < 4500; at += 7) {
      std::string line(5000, '.');
      line.replace(mark, 4, "MARK");
      const std::string assigned = " password=" + secret + " ";
      if (at < mark + 4 && at + assigned.size() > mark) continue;
      line.replace(at, assigned.size(), assigned);
      check_hidden(classify_one(classifier, line));
    }
  }
}

TEST_CASE("a secret across the places where very long lines are cut is not shown, in any pieces") {
  const auto classifier = uncached(rules_of({{"all", "[^x]*y"}, {"mark", "MARK.{0,40}"}}));
  for (const std::size_t place : {32768, 65536, 98304}) {
    for (std::size_t before = 0; before < secret.size() + 12; before += 3) {
      std::string line(200'000, '.');
      const std::string assigned = " password=" + secret + " MARK y";
      line.replace(place - before, assigned.size(), assigned);
      const Classification whole = classify_one(classifier, line);
      check_hidden(whole);
      REQUIRE(in_pieces(classifier, line, 50'000).to_json() == whole.to_json());
      REQUIRE(in_pieces(classifier, line, 999).to_json() == whole.to_json());
    }
  }
}

TEST_CASE("without masking the evidence is the line") {
  ClassifierOptions options;
  options.cache.use = false;
  options.secrets = SecretMask::none();
  const Classifier classifier(rules_of({{"a", "password"}}), options);
  CHECK(classify_one(classifier, "password=x").evidence->text == "password=x");
}

TEST_CASE("a verdict from elsewhere is masked as one of our own") {
  Classification verdict = Classification::parse(R"({"schema":"jobmedic.classification/1","classified":true,"rule":"r",
      "evidence":{"log":"l","line":1,"text":"password=hunter2","captures":{"api_key":"7f3c9a10b2","n":"1"}},
      "other_matches":[{"rule":"o","evidence":{"text":"--token abcd1234efgh"}}]})");
  verdict = masked(std::move(verdict), SecretMask());
  CHECK(verdict.evidence->text == "password=****");
  CHECK(verdict.evidence->captures == std::map<std::string, std::string>{{"api_key", "****"}, {"n", "1"}});
  CHECK(verdict.other_matches[0].evidence.text == "--token ****");
}
