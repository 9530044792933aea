// Logs as they really come: missing, empty, binary, cut off, in other encodings, endless lines; and hostile regexes.
#include <catch2/catch.hpp>
#include <fstream>

#include "../temporary_folder.hpp"
#include "classify_helpers.hpp"

using namespace jobmedic;

namespace {
Classifier heap() {
  return uncached(rules_of({{"Heap", "heap space(?<rest>.*)"}, {"Start", "^lost$"}}));
}
}  // namespace

TEST_CASE("a missing log file is an error that names it, and the scan goes on") {
  Scan scan = heap().scan();
  CHECK(message_of([&] { scan.feed_file("driver.stderr", "no/such.log"); }) ==
        "no/such.log: No such file or directory");
  CHECK(message_of([&] { scan.feed_file("driver.stderr", "tests"); }) == "tests: Is a directory");
  CHECK(scan.result().logs.empty());
  scan.feed("driver.stdout", "heap space");
  CHECK(scan.result().rule == "Heap");
}

TEST_CASE("no logs, and logs without a byte, are unclassified") {
  const Classifier classifier = heap();
  CHECK_FALSE(classifier.classify({}).classified);
  CHECK_FALSE(classify_one(classifier, "").classified);
  CHECK(classify_one(classifier, "").logs == std::vector<std::string>{"driver.stderr"});
  CHECK_FALSE(classifier.scan().result().classified);
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "empty");
  Scan scan = classifier.scan();
  scan.feed_file("driver.stderr", folder.path() / "empty");
  CHECK(scan.result().logs == std::vector<std::string>{"driver.stderr"});
}

TEST_CASE("a file is read as the same bytes in memory are") {
  const TemporaryFolder folder;
  std::string log;
  for (int i = 0; i < 100'000; ++i) log += "INFO an ordinary line of a log, number " + std::to_string(i) + "\r\n";
  log += "java heap space\r\n";
  std::ofstream(folder.path() / "log", std::ios::binary) << log;
  const Classifier classifier = heap();
  Scan scan = classifier.scan();
  scan.feed_file("driver.stderr", folder.path() / "log");
  CHECK(scan.result().to_json() == classify_one(classifier, log).to_json());
  CHECK(scan.result().evidence->line == 100'001);
}

TEST_CASE("NUL bytes, binary data and invalid UTF-8 are bytes like others, and evidence is valid UTF-8") {
  using namespace std::string_literals;
  const Classifier classifier = heap();
  std::string binary;
  for (int i = 0; i < 70'000; ++i) binary += static_cast<char>(i * 7 % 256);
  const Classification verdict = classify_one(classifier, binary + "\n\0\xFF heap space\xC3\xFE\0\n"s);
  REQUIRE(verdict.rule == "Heap");
  CHECK(verdict.evidence->text == "\0\xEF\xBF\xBD heap space\xEF\xBF\xBD\xEF\xBF\xBD\0"s);
  CHECK(verdict.evidence->captures.at("rest") == "\xEF\xBF\xBD\xEF\xBF\xBD\0"s);
  CHECK(Classification::parse(verdict.to_json()).evidence->text == verdict.evidence->text);
}

TEST_CASE("UTF-16 is not understood, and does no harm") {
  using namespace std::string_literals;
  CHECK_FALSE(classify_one(heap(), "\xFF\xFEh\0e\0a\0p\0 \0s\0p\0a\0c\0e\0\n\0"s).classified);
}

TEST_CASE("a cut-off last line is a line") {
  CHECK(classify_one(heap(), "INFO ok\njava heap sp").classified == false);
  CHECK(classify_one(heap(), "INFO ok\nlost").evidence->line == 2);
  CHECK(classify_one(heap(), "INFO ok\nlost\r").evidence->line == 2);
}

TEST_CASE("a line of 100 MB takes constant memory and its match is found") {
  const Classifier classifier = heap();
  const std::string piece(1'000'000, 'x');
  Scan scan = classifier.scan();
  for (int i = 0; i < 100; ++i) scan.feed("driver.stderr", i == 77 ? piece + "heap space" : piece);
  scan.feed("driver.stderr", "\nlost\n");
  const Classification verdict = scan.result();
  REQUIRE(verdict.rule == "Heap");
  CHECK(verdict.evidence->line == 1);
  CHECK(verdict.evidence->offset == 78'000'000);
  CHECK(verdict.evidence->text.size() <= 2048);
  REQUIRE(verdict.other_matches.size() == 1);
  CHECK(verdict.other_matches[0].evidence.line == 2);
  CHECK(verdict.log_bytes == 100'000'016);
}

TEST_CASE("evidence of a long line is what lies around the match, cut between code points") {
  std::string line;
  for (int i = 0; i < 10'000; ++i) line += "\xC3\xA9";
  const Classification verdict = classify_one(heap(), line + "heap space" + line);
  CHECK(verdict.evidence->text.size() <= 2048);
  CHECK(verdict.evidence->text.find("heap space") != std::string::npos);
  CHECK(verdict.evidence->text.find("\xEF\xBF\xBD") == std::string::npos);
  CHECK(verdict.evidence->captures.at("rest").size() <= 1024);
}

TEST_CASE("a regex that backtracks without end is cut off and noted, and the other rules still decide") {
  const Classifier classifier = uncached(rules_of({{"Evil", "(a+)+(?=x)"}, {"Good", "heap space"}}));
  std::string log;
  for (int i = 0; i < 10'000; ++i) log += std::string(60, 'a') + "-\n";  // without limits: years
  log += "heap space\n";
  const Classification verdict = classify_one(classifier, log);
  CHECK(verdict.rule == "Good");
  CHECK(verdict.notes == std::vector<std::string>{R"(rule "Evil" gave up: its regex backtracks too much)"});
  Scan scan = classifier.scan();
  for (std::size_t at = 0; at < log.size(); at += 777)
    scan.feed("driver.stderr", std::string_view(log).substr(at, 777));
  CHECK(scan.result().to_json() == verdict.to_json());
}

TEST_CASE("the work of many matches per line is bounded") {
  const Classifier classifier = uncached(rules_of({{"Any", "never.*matches|[a-z](?=nothing)"}}, 64));
  std::string log;
  for (int i = 0; i < 20'000; ++i) log += "some words of a log line that all are hits\n";
  CHECK_FALSE(classify_one(classifier, log).classified);
}
