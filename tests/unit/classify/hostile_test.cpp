// Regexes and logs meant to do harm. Work is counted in callouts, "(?C)" in a regex, on the very path of classify();
// timings decide nothing.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "classify/log_scanner.hpp"
#include "classify_helpers.hpp"
#include "naive.hpp"

using namespace jobmedic;
using namespace std::string_literals;

namespace {

std::string repeated(std::string_view text, std::size_t size) {
  std::string all;
  while (all.size() < size) all += text;
  all.resize(size);
  return all;
}

std::string lines_of(std::string_view line, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all.append(line).append("\n");
  return all;
}

std::uint64_t steps_over(const std::string& regex, std::string_view log) {
  const classify::CompiledRules rules(rules_of({{"Hostile", regex}}), {{{}, false}});
  const classify::CompiledRules::Lease workspace(rules);
  std::uint64_t steps = 0;
  (*workspace).regex.count_steps(steps);
  classify::Findings findings;
  classify::LogScanner(rules, "a.log", 0, rules.applicable(nullptr), classify::ExitStatus::unknown, *workspace)
      .feed(log, true, findings, *workspace);
  CAPTURE(regex);
  CHECK(findings.matches.empty());
  CHECK(steps > 0);
  return steps;
}

// Each regex finds the bytes that it cannot do without, so that it has to try.
std::string hostile_line(std::string_view pump, std::size_t size) {
  return "zb-=P! " + repeated(pump, size) + "\x01";
}

struct Attack {
  const char* what;
  const char* regex;
  const char* pump;
  bool endless;  // on a long line it gives up at the first place
};

const std::vector<Attack>& attacks() {
  static const std::vector<Attack> all{
      {"nested repeats", "(?:(?C)a+)+$", "a", true},
      {"alternatives that overlap", "(?:(?C)a|(?C)aa)+$", "a", true},
      {"a repeat in a group that may be empty", "(?:(?C)a*)+z$", "a", true},
      {"counted open ends", "(?:.*(?C)a){12}b", "a", true},
      {"neighbours that take from each other", "(?C)\\w+(?C)\\w*(?C)\\w*=$", "ab", true},
      {"fields that may be anything", "^(?:(?C).*?,){11}P", ",", true},
      {"alternatives in a star", "(?C)(?:\\s|(?C)\\S+)*(?C)!$", "x ", false},
      {"a back reference", "(?C)(a+)(?C)\\1+(?C)$", "a", false},
      {"look-ahead at every byte", "(?C)(?=.*(?C)-$)b", "a", false}};
  return all;
}

}  // namespace

TEST_CASE("16 times the lines take at most 20 times the work, whatever the regex") {
  for (const Attack& attack : attacks()) {
    const std::string line = hostile_line(attack.pump, 18);
    const std::uint64_t once = steps_over(attack.regex, lines_of(line, 4));
    const std::uint64_t more = steps_over(attack.regex, lines_of(line, 64));
    CAPTURE(attack.what, attack.regex, once, more);
    CHECK(more <= 20 * once);
  }
}

TEST_CASE("a regex that gives up on line after line is left out, and its work ends") {
  const Attack& attack = attacks().front();
  const std::string line = hostile_line(attack.pump, 60);  // without limits: years
  const std::uint64_t once = steps_over(attack.regex, lines_of(line, 150));
  CHECK(steps_over(attack.regex, lines_of(line, 2'400)) == once);
}

TEST_CASE("an endless regex takes at most 20 times the work on a line 16 times as long") {
  for (const Attack& attack : attacks()) {
    if (!attack.endless) continue;
    const std::uint64_t once = steps_over(attack.regex, hostile_line(attack.pump, classify::window_limit));
    const std::uint64_t more = steps_over(attack.regex, hostile_line(attack.pump, 16 * classify::window_limit));
    CAPTURE(attack.what, attack.regex, once, more);
    CHECK(more <= 20 * once);
  }
}

TEST_CASE("a regex that is a bomb is refused with one line, or works and ends") {
  const std::string log = lines_of("abcabc aaaa 12 (x) [y] \xff\xfe", 50) + repeated("a", 5'000);
  std::vector<std::string> bombs{"(((a{1,1000}){1,1000}){1,1000}){1,1000}b",
                                 "a{65535}{65535}",
                                 "(?:a?){500}a{500}b",
                                 "(x+x+)+y",
                                 "(?R)b",
                                 "^(?R)?a(?1)*z",
                                 "(a|b|(?R))+z",
                                 "(?<n>a(?&n)?b)+z",
                                 "(*LIMIT_MATCH=4294967295)(a+)+$z",
                                 "(*NO_JIT)(a+)+$z",
                                 "(*UTF)\\x{10ffff}",
                                 "(*ACCEPT)",
                                 "(?C\"text\")(a+)+z",
                                 "\\C+z",
                                 "(?(DEFINE)(?<q>a+))(?&q)+z",
                                 "(?|(a)|(b))\\1{1000}z",
                                 "[\\x00-\\xff]{1,1000}[\\x00-\\xff]{1,1000}z",
                                 "(?=(a+))\\1{1,1000}z",
                                 "\\X+z",
                                 "(a\\Kb)+z",
                                 "(?<=a{1,200}b)z",
                                 "\\Q" + std::string(60'000, 'a') + "\\E",
                                 std::string(70'000, 'a'),
                                 "x"s + std::string(1, '\0') + "y",
                                 "\xff\xfe+z"};
  bombs.push_back(repeated("(", 20'000) + "a" + repeated(")", 20'000));
  bombs.push_back(repeated("(?:", 30'000) + "a" + repeated(")", 10'000));
  std::string words = "w0";
  for (int i = 1; i < 9'000; ++i) words += "|w" + std::to_string(i);
  bombs.push_back("(?:" + words + ")z");
  std::size_t refused = 0;
  for (const std::string& bomb : bombs) {
    CAPTURE(bomb.substr(0, 60));
    Rule rule;
    rule.name = "Bomb";
    rule.category = "data";
    rule.regex = bomb;
    try {
      static_cast<void>(classify_one(uncached(RuleSet::of({rule})), log));
    } catch (const Error& error) {
      ++refused;
      CHECK(error.status() == Status::rules);
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
    }
  }
  CHECK(refused >= 4);
  CHECK(refused < bombs.size());
}

TEST_CASE("a regex whose repeats the scanner would build for minutes is left to PCRE2, the rest of the set is not") {
  const std::string large = "(?:(?:.|aab)a{9}b){14,19}a(?:(?:a|a{5,6}|ab){3,11}|abc|a)";
  const Classifier rules = uncached(rules_of({{"Large", "(?:" + large + "){40}z"}, {"Plain", "no space left"}}));
  CHECK(rules.description().find("1 by PCRE2 alone") != std::string::npos);
  CHECK(classify_one(rules, "aab aaaaaaaaab\nno space left\n").rule == "Plain");
  CHECK(classify_one(rules, repeated(repeated("aaaaaaaaaab", 154) + "aaaa", 6'320) + "z\n").rule == "Large");
}

TEST_CASE("the bytes by which a large set's scan is paced are text like any others") {
  std::vector<std::pair<std::string, std::string>> rules{{"Paced", "\\xC0\\xC1 is lost"}};
  for (int i = 0; i < 500; ++i)
    rules.emplace_back("Rule" + std::to_string(i), "phrase " + std::to_string(i) + " of many");
  const Classifier classifier(rules_of(rules), {{{}, false}});
  CHECK_FALSE(classify_one(classifier, "\xC0\xC1 \xC0\xC1\n").classified);
  CHECK(classify_one(classifier, "\xC0\xC1\n\xC0\xC1 is lost\n").rule == "Paced");
  CHECK(classify_one(classifier, "\xC0\xC1 phrase 499 of many\n").rule == "Rule499");
}

TEST_CASE("the shipped rules read any bytes, in any pieces, to the same valid document") {
  const Classifier classifier = uncached(RuleSet::shipped());
  const std::string failure =
      "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:1)\n"
      "Caused by: java.io.IOException: No space left on device\n";
  std::mt19937_64 random(5);
  std::string noise;
  for (int i = 0; i < 300'000; ++i) noise += static_cast<char>(random());
  std::string wide;  // UTF-16
  for (const char c : failure) wide += {c, '\0'};
  std::string torn = lines_of(failure, 200);  // with bytes of invalid UTF-8 and NUL in between
  for (std::size_t i = 0; i < torn.size(); i += 97) torn[i] = i % 2 == 0 ? '\0' : '\xC3';
  const std::string one_line = repeated("Py4JJavaError: Caused by: java.lang.OutOfMemoryError: ", 300'000);
  for (const std::string& log : {noise, "\xFF\xFE"s + wide, torn, one_line, std::string(200'000, '\0'),
                                 std::string(200'000, '\n'), lines_of("\r", 100'000), noise + failure}) {
    const std::vector<Log> logs{{"driver.stderr", log}};
    const Classification verdict = classifier.classify(logs);
    CHECK(Classification::parse(verdict.to_json()).to_json() == verdict.to_json());
    Scan scan = classifier.scan();
    for (std::size_t at = 0; at < log.size();) {
      const std::size_t size = 1 + random() % 20'000;
      scan.feed("driver.stderr", std::string_view(log).substr(at, size));
      at += size;
    }
    CHECK(scan.result().to_json() == verdict.to_json());
  }
}

TEST_CASE("the shipped rules read a line of 100 MB, and the cause behind it") {
  Scan scan = uncached(RuleSet::shipped()).scan();
  const std::string piece = repeated("value=\"0123456789 abcdefghij\", ", 1'000'000);
  for (int i = 0; i < 100; ++i) scan.feed("driver.stderr", piece);
  scan.feed("driver.stderr", "\nException in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n");
  const Classification verdict = scan.result();
  CHECK(verdict.category == "memory_config");
  CHECK(verdict.evidence->line == 2);
}
