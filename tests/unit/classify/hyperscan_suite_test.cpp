// Hyperscan's own suite of 2,155 expressions: the libhs in use finds what the suite says, and a rule of ours made from
// an expression answers as PCRE2 does, whatever filter Hyperscan has for it.
#include "hyperscan_suite.hpp"

#include <hs.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <memory>
#include <set>

#include "classify_helpers.hpp"
#include "naive.hpp"
#include "test_data.hpp"

using namespace jobmedic;

namespace {

using Ends = std::set<unsigned long long>;

struct FreeDatabase {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct FreeScratch {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
struct FreeError {
  void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};

// One expression as libhs compiles it, without any of our code.
struct Raw {
  explicit Raw(const suite::Expression& expression) {
    hs_expr_ext_t limits{};
    const auto set = [&](const char* name, unsigned long long flag, auto& member) {
      const auto found = expression.limits.find(name);
      if (found == expression.limits.end()) return;
      limits.flags |= flag;
      member = static_cast<std::remove_reference_t<decltype(member)>>(found->second);
    };
    set("min_offset", HS_EXT_FLAG_MIN_OFFSET, limits.min_offset);
    set("max_offset", HS_EXT_FLAG_MAX_OFFSET, limits.max_offset);
    set("min_length", HS_EXT_FLAG_MIN_LENGTH, limits.min_length);
    set("edit_distance", HS_EXT_FLAG_EDIT_DISTANCE, limits.edit_distance);
    set("hamming_distance", HS_EXT_FLAG_HAMMING_DISTANCE, limits.hamming_distance);
    const char* const regex = expression.regex.c_str();
    const hs_expr_ext_t* const extra = &limits;
    hs_database_t* compiled = nullptr;
    hs_compile_error_t* failed = nullptr;
    code = hs_compile_ext_multi(&regex, &expression.flags, &expression.id, &extra, 1, HS_MODE_BLOCK, nullptr, &compiled,
                                &failed);
    database.reset(compiled);
    const std::unique_ptr<hs_compile_error_t, FreeError> owned(failed);
    if (failed != nullptr) error = failed->message;
    if (code != HS_SUCCESS) return;
    hs_scratch_t* space = nullptr;
    REQUIRE(hs_alloc_scratch(database.get(), &space) == HS_SUCCESS);
    scratch.reset(space);
  }
  [[nodiscard]] Ends ends_in(const std::string& text) const {
    Ends ends;
    const auto on_match = [](unsigned, unsigned long long, unsigned long long end, unsigned, void* context) {
      static_cast<Ends*>(context)->insert(end);
      return 0;
    };
    const auto size = static_cast<unsigned>(text.size());
    if (hs_scan(database.get(), text.data(), size, 0, scratch.get(), on_match, &ends) != HS_SUCCESS) {
      FAIL_CHECK("hs_scan failed");
    }
    return ends;
  }
  hs_error_t code = HS_SUCCESS;
  std::string error;
  std::unique_ptr<hs_database_t, FreeDatabase> database;
  std::unique_ptr<hs_scratch_t, FreeScratch> scratch;
};

// The suite gives the ends of all true matches. A prefilter may find more; a single match may be any of them.
bool agree(const suite::Expression& expression, const Ends& found, const Ends& given) {
  const bool single = expression.has(HS_FLAG_SINGLEMATCH);
  const bool prefilter = expression.has(HS_FLAG_PREFILTER);
  if (single && found.size() > 1) return false;
  if (single && prefilter) return given.empty() || !found.empty();
  if (single) {
    return found.empty() == given.empty() && std::includes(given.begin(), given.end(), found.begin(), found.end());
  }
  if (prefilter) return std::includes(found.begin(), found.end(), given.begin(), given.end());
  return found == given;
}

// As a rule of ours: bytes, and '^' and '$' at lines; without the suite's 'm' they stand for the text's ends.
Rule rule_from(const suite::Expression& expression) {
  Rule rule;
  rule.name = "suite";
  rule.category = "data";
  rule.lines = 64;
  rule.regex = expression.has(HS_FLAG_MULTILINE) ? expression.regex : "(?-m)" + expression.regex;
  if (expression.has(HS_FLAG_CASELESS)) rule.flags += 'i';
  if (expression.has(HS_FLAG_DOTALL)) rule.flags += 's';
  return rule;
}

std::string told(const std::optional<naive::Match>& match) {
  return match ? "line " + std::to_string(match->line) + " offset " + std::to_string(match->offset) : "no match";
}

std::string told(const Classification& verdict) {
  if (!verdict.classified) return "no match";
  return "line " + std::to_string(verdict.evidence->line) + " offset " + std::to_string(verdict.evidence->offset);
}

struct Agreement {
  int rules = 0;
  int refused = 0;  // by PCRE2 without UTF, or since they match the empty text
  int texts = 0;
  int gave_up = 0;
  int matched = 0;

  void check(const Rule& rule, const std::vector<suite::Text>& texts_of_it) {
    std::optional<Classifier> classifier;
    try {
      classifier.emplace(RuleSet::of({rule}), ClassifierOptions{{{}, false}});
    } catch (const Error&) {
      ++refused;
      return;
    }
    ++rules;
    for (const suite::Text& text : texts_of_it) {
      const std::vector<Log> logs{{"", text.data}};
      const Classification verdict = classifier->classify(logs);
      ++texts;
      if (!verdict.notes.empty()) {
        ++gave_up;
        continue;
      }
      const auto expected = naive::first_match(rule, logs);
      if (expected) ++matched;
      CAPTURE(rule.regex, rule.flags, text.data);
      CHECK(told(verdict) == told(expected));
    }
  }
};

}  // namespace

TEST_CASE("libhs finds the ends that Hyperscan's suite gives for its expressions") {
  REQUIRE_TEST_DATA("hyperscan-patterns");
  const auto texts = suite::texts();
  int compiled = 0;
  int scanned = 0;
  std::map<std::string, int> unsupported;
  for (const suite::Expression& expression : suite::expressions()) {
    const Raw raw(expression);
    if (raw.code != HS_SUCCESS) {
      ++unsupported[raw.error];
      continue;
    }
    ++compiled;
    const auto found = texts.find(expression.id);
    if (found == texts.end()) continue;
    for (const suite::Text& text : found->second) {
      if (!text.ends) continue;
      ++scanned;
      const Ends found_ends = raw.ends_in(text.data);
      const Ends given_ends(text.ends->begin(), text.ends->end());
      if (agree(expression, found_ends, given_ends)) continue;
      CAPTURE(expression.file, expression.id, expression.regex, text.data, given_ends);
      CHECK(found_ends == given_ends);
    }
  }
  std::cout << "hyperscan-patterns: " << compiled << " expressions compiled, " << scanned << " texts scanned\n";
  for (const auto& [error, count] : unsupported) std::cout << "  unsupported: " << count << " x " << error << '\n';
  CHECK(compiled >= 2'135);
  CHECK(scanned >= 15'943);
}

TEST_CASE("a rule made from any expression of Hyperscan's suite answers as PCRE2 does") {
  REQUIRE_TEST_DATA("hyperscan-patterns");
  const auto texts = suite::texts();
  Agreement as_given;
  Agreement by_lines;
  for (const suite::Expression& expression : suite::expressions()) {
    const auto found = texts.find(expression.id);
    if (found == texts.end()) continue;
    Rule rule = rule_from(expression);
    as_given.check(rule, found->second);
    rule.regex = expression.regex;
    by_lines.check(rule, found->second);
  }
  for (const auto& [name, agreement] :
       {std::pair("as given", as_given), std::pair("with ^ and $ at lines", by_lines)}) {
    std::cout << "hyperscan-patterns, " << name << ": " << agreement.rules << " rules over " << agreement.texts
              << " texts, " << agreement.matched << " matches; " << agreement.refused << " refused, "
              << agreement.gave_up << " texts given up\n";
    CHECK(agreement.rules > 1'500);
    CHECK(agreement.matched > 3'000);
    CHECK(agreement.gave_up * 100 < agreement.texts);
  }
}

TEST_CASE(
    "the expressions that Hyperscan's suite calls bad are refused with an error by libhs, and by us or not needed") {
  REQUIRE_TEST_DATA("hyperscan-patterns");
  const std::set<unsigned> too_slow{73, 74, 80};  // libhs takes minutes to find that they are too large
  int refused = 0;
  int accepted = 0;
  for (const suite::Expression& expression : suite::bad_expressions()) {
    CAPTURE(expression.id, expression.regex);
    if (!expression.has(HS_FLAG_COMBINATION) && !too_slow.contains(expression.id)) {
      const Raw raw(expression);
      CHECK(raw.code == HS_COMPILER_ERROR);
      CHECK_FALSE(raw.error.empty());
    }
    const Rule rule = rule_from(expression);
    try {
      const Classifier classifier(RuleSet::of({rule}), {{{}, false}});
      ++accepted;
      for (const std::string text : {"", "foobar", "can't_match\nabc abd 0.1-x\n", "\xff\xfe\n141 & 142"}) {
        const std::vector<Log> logs{{"", text}};
        CHECK(told(classifier.classify(logs)) == told(naive::first_match(rule, logs)));
      }
    } catch (const Error& error) {
      ++refused;
      CHECK(error.status() == Status::rules);
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
    }
  }
  std::cout << "hyperscan-patterns, bad ones: " << refused << " refused by us, " << accepted
            << " served by PCRE2, which knows more than Hyperscan\n";
  CHECK(refused + accepted == 160);
}
