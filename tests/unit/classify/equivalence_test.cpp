// Random rules over random logs: classify() answers as the naive loop over PCRE2 does, however the bytes are split.
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "classify/frames.hpp"
#include "classify_helpers.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "naive.hpp"

using namespace jobmedic;

namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t limit) {
  return random() % limit;
}

const std::string& pick(Random& random, const std::vector<std::string>& from) {
  return from[below(random, from.size())];
}

std::string random_regex(Random& random) {
  static const std::vector<std::string> pieces{
      "a",      "b",        "c",       "ab",      "cab",      ".",     "\\w", "\\d",   "[ab]",   "[^a]",     "\\s",
      "^",      "$",        "\\b",     "\\B",     "\\A",      "\\z",   "\\Z", "\\n",   "(a|b)",  "(?:ab|c)", "(?=a)",
      "(?!b)",  "(?<=c)",   "(?<!a)",  "\\1",     "a*",       "b+",    ".*",  ".*?",   "c{2,3}", "\\K",      "(?i:A)",
      "(?s:.)", "(?-m:^a)", "(?>a+)b", "[^\\n]*", "\\Qa.\\E", "[\\b]", "\\h", "\\x61", "(?#x)",  "[]a]"};
  std::string regex;
  for (std::size_t count = 1 + below(random, 5); count > 0; --count) regex += pick(random, pieces);
  return regex;
}

// Shows that the job went on (the shipped frame "went_on").
const std::string went_on = "BUILD SUCCESS";

std::string random_log(Random& random) {
  static const std::vector<std::string> pieces{"a",  "b",  "c",    "ab", "cab", "cc",   " ",
                                               "\n", "\n", "\r\n", "\r", "1",   "\xff", "a."};
  std::string log;
  for (std::size_t count = below(random, 60); count > 0; --count) {
    log += below(random, 80) == 0 ? "\n" + went_on + " " : pick(random, pieces);
  }
  return log;
}

// Lines around 64 KiB and beyond, with something to find near every place where rows begin or windows end.
std::string random_long_log(Random& random) {
  std::string log;
  for (std::size_t lines = 1 + below(random, 3); lines > 0; --lines) {
    const std::size_t size = 30'000 + below(random, 150'000);
    std::string line(size, '-');
    for (int i = 0; i < 4; ++i) {
      const std::size_t at = 32768 * (1 + below(random, 5)) + below(random, 9);
      if (at > 8 && at < size) line.replace(at - 4, 3, "cab");
      if (at > 8 && at < size && below(random, 8) == 0) line.replace(at - 8, went_on.size(), went_on);
    }
    log += line + (below(random, 2) == 0 ? "\n" : "\r\n");
    if (below(random, 2) == 0) log += random_log(random);
  }
  return log;
}

RuleSet random_rules(Random& random, std::size_t count) {
  RuleSet rules;
  while (rules.rules().size() < count) {
    static const std::vector<std::string> flags{"", "", "i", "s", "is"};
    static const std::vector<std::string> globs{"*", "*", "a.*", "b.log"};
    json::Value rule = json::object({{"name", "r" + std::to_string(rules.rules().size())},
                                     {"regex", random_regex(random)},
                                     {"flags", pick(random, flags)},
                                     {"log", pick(random, globs)},
                                     {"lines", static_cast<int>(1 + below(random, 3))},
                                     {"category", "data"}});
    // Half of them within frames: two that are known by a phrase, and one that is not but knows where the log begins.
    static const json::Value frames = json::parse(R"({"f": [{"regex": "^[ab]|cc"},
        {"log": "b.*", "regex": "\\A|\\Ba", "weaker": true}], "g": "cab|a\\.a", "h": [{"log": "a.*", "regex": "cab\\s*"},
        {"regex": "^ccab$", "weaker": true}]})");
    static const std::vector<std::string> within{"", "", "", "f", "g", "h"};
    if (const std::string& frame = pick(random, within); !frame.empty()) {
      rule.as<json::Object>()->emplace_back("within", frame);
      if (below(random, 2) == 0)
        std::erase_if(*rule.as<json::Object>(), [](const auto& it) { return it.first == "lines"; });
    }
    try {
      rules.append(RuleSet::parse(json::write(
          json::object({{"schema", "jobmedic.rules/1"}, {"frames", frames}, {"rules", json::Array{rule}}}))));
    } catch (const Error&) {  // it would match everywhere, or is no regex
    }
  }
  return rules;
}

std::string naive_document(const RuleSet& rules, std::span<const Log> logs) {
  std::string document;
  std::set<std::string> told;
  const classify::RunnableRules running = classify::runnable(rules.rules());
  const std::vector<std::size_t> begins = naive::where_jobs_went_on(running, logs);
  const std::vector<Rule> plain = naive::plain_rules(running);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const Rule& rule = plain[i];
    const auto match = running.rules[i].frame ? naive::first_match(rule, logs, begins) : naive::first_match(rule, logs);
    if (match && told.insert(rule.name).second) {
      document += rule.name + "@" + std::to_string(match->log) + ":" + std::to_string(match->line) + ":" +
                  std::to_string(match->offset) + " ";
    }
  }
  return document;
}

std::string document_of(const Classification& verdict, std::span<const Log> logs) {
  std::string document;
  const auto add = [&](const std::string& rule, const Evidence& evidence) {
    std::size_t log = 0;
    while (logs[log].name != evidence.log) ++log;
    document += rule + "@" + std::to_string(log) + ":" + std::to_string(evidence.line) + ":" +
                std::to_string(evidence.offset) + " ";
  };
  if (verdict.classified) add(verdict.rule, *verdict.evidence);
  for (const RuleMatch& other : verdict.other_matches) add(other.rule, other.evidence);
  return document;
}

// Feeds the logs' bytes interleaved, in pieces of at most `longest` bytes; first bytes in the order of the logs.
Classification in_pieces(const Classifier& classifier, std::span<const Log> logs, Random& random, std::size_t longest) {
  Scan scan = classifier.scan();
  std::vector<std::string_view> rest;
  for (const Log& log : logs) {
    scan.feed(log.name, {});
    rest.push_back(log.data);
  }
  std::size_t left = 0;
  for (const Log& log : logs) left += log.data.size();
  while (left > 0) {
    std::size_t log = below(random, rest.size());
    while (rest[log].empty()) log = (log + 1) % rest.size();
    const std::size_t size = std::min(rest[log].size(), 1 + below(random, longest));
    scan.feed(logs[log].name, rest[log].substr(0, size));
    rest[log].remove_prefix(size);
    left -= size;
    if (below(random, 64) == 0) static_cast<void>(scan.result());
  }
  return scan.result();
}

void check_same(const Classifier& classifier, std::span<const Log> logs, Random& random, std::size_t longest_piece) {
  const RuleSet& rules = classifier.rules();
  const Classification whole = classifier.classify(logs);
  std::string told;
  for (const Rule& rule : rules.rules())
    told += rule.regex + " lines " + std::to_string(rule.lines) + " " + rule.flags + "\n";
  for (const Log& log : logs) {
    if (log.data.size() < 1000) told += std::string(log.data) + "\n--\n";
  }
  CAPTURE(told);
  REQUIRE(document_of(whole, logs) == naive_document(rules, logs));
  REQUIRE(in_pieces(classifier, logs, random, longest_piece).to_json() == whole.to_json());
  REQUIRE(in_pieces(classifier, logs, random, 1).to_json() == whole.to_json());
}

}  // namespace

TEST_CASE("random rules over random logs match where a naive loop over PCRE2 does, in any pieces") {
  Random random(1);
  for (int round = 0; round < (sanitized ? 50 : 150); ++round) {
    const Classifier classifier(random_rules(random, 6), {{{}, false}});
    for (int i = 0; i < 10; ++i) {
      const std::string first = random_log(random);
      const std::string second = random_log(random);
      const std::vector<Log> logs{{"a.log", first}, {"b.log", second}};
      check_same(classifier, logs, random, 7);
    }
  }
}

TEST_CASE("lines beyond 64 KiB are matched the same way in any pieces") {
  Random random(2);
  const RuleSet rules = RuleSet::parse(R"json({"schema": "jobmedic.rules/1", "frames": {"g": "cab"}, "rules": [
      {"name": "framed", "within": "g", "regex": "cab", "category": "data"},
      {"name": "framed_line", "within": "g", "regex": "b-", "lines": 1, "category": "data"},
      {"name": "found", "regex": "cab", "category": "data"},
      {"name": "at_start", "regex": "^cab", "category": "data"},
      {"name": "at_end", "regex": "cab-$", "category": "data"},
      {"name": "word", "regex": "\\bcab\\b", "category": "data"},
      {"name": "edge", "regex": "c\\b", "category": "data"},
      {"name": "two_lines", "regex": "-\\n.*b", "lines": 2, "category": "data"},
      {"name": "two_finds", "regex": "cab.*cab", "flags": "s", "lines": 3, "category": "data"},
      {"name": "not_before", "regex": "cab(?!-)", "category": "data"},
      {"name": "behind", "regex": "(?<!-)ab", "category": "data"}]})json");
  const Classifier classifier(rules, {{{}, false}});
  for (int round = 0; round < 25; ++round) {
    const std::string first = random_long_log(random);
    const std::vector<Log> logs{{"a.log", first}};
    const Classification whole = classifier.classify(logs);
    REQUIRE(document_of(whole, logs) == naive_document(rules, logs));
    for (const std::size_t longest : {100'000, 3'000}) {
      REQUIRE(in_pieces(classifier, logs, random, longest).to_json() == whole.to_json());
    }
  }
}
