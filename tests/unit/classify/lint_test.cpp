// What "jobmedic rules lint" finds: tests/data/classify/lint.json holds rules with one mistake each, and what is said.
#include "jobmedic/lint.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "../temporary_folder.hpp"
#include "classify/hostile_text.hpp"
#include "classify/lint.hpp"
#include "classify_helpers.hpp"

using namespace jobmedic;

namespace {

std::vector<LintFinding> lint_of(const std::string& document) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "mine.json";
  std::ofstream(file) << document;
  const std::vector<std::filesystem::path> paths{file};
  std::vector<LintFinding> findings = lint_rules(paths).findings;
  for (LintFinding& finding : findings) {
    CHECK(finding.file == file.string());
    finding.file = "mine.json";
  }
  return findings;
}

std::string told(const LintFinding& finding) {
  return (finding.severity == LintFinding::Severity::error ? "error " : "warning ") + finding.check + " " +
         finding.line();
}

// What is found in one rule alone.
std::vector<LintFinding> cost_findings(const std::string& regex) {
  Rule rule;
  rule.name = "Alone";
  rule.category = "data";
  rule.regex = regex;
  const classify::CompiledRules compiled(RuleSet::of({rule}), {{{}, false}});
  classify::Lint lint(compiled, {true});
  classify::lint_regexes(lint);
  std::erase_if(lint.findings(), [](const LintFinding& finding) {
    return finding.check != "cost" || finding.problem.find("backtracks") == std::string::npos;
  });
  return lint.findings();
}

bool is_endless(const std::string& regex) {
  const auto findings = cost_findings(regex);
  return findings.size() == 1 && findings[0].severity == LintFinding::Severity::error;
}

}  // namespace

TEST_CASE("each mistake in a rule file is found, with its place, in one go") {
  const json::Value data = classify_data("lint.json");
  const json::Reader in(data);
  std::vector<std::string> found;
  for (const LintFinding& finding : lint_of(json::write(in.at("document").value()))) found.push_back(told(finding));
  const std::vector<std::string> expected = in.at("findings").strings();
  for (std::size_t i = 0; i < std::max(found.size(), expected.size()); ++i) {
    const std::string told_first = i < expected.size() ? expected[i] : "";
    CHECK((i < found.size() ? found[i].substr(0, told_first.size()) : "nothing") == told_first);
  }
}

TEST_CASE("the shipped rules have no errors") {
  const LintReport report = lint_rules();
  CHECK(report.rules == RuleSet::shipped().rules().size());
  for (const LintFinding& finding : report.findings) {
    if (finding.severity == LintFinding::Severity::error) FAIL_CHECK(finding.line());
  }
}

TEST_CASE("a file that cannot be read as rules is one finding, and the others are looked at") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a.json") << R"({"schema": "jobmedic.rules/1", "rules": [)";
  std::ofstream(folder.path() / "b.json") << R"({"schema": "jobmedic.rules/2", "rules": []})";
  std::ofstream(folder.path() / "c.json")
      << R"({"schema": "jobmedic.rules/1", "rules": [{"name": "Acme", "regex": "AcmeOnly", "category": "data"}]})";
  const std::vector<std::filesystem::path> paths{folder.path()};
  const LintReport report = lint_rules(paths);
  REQUIRE(report.findings.size() == 3);
  CHECK(report.findings[0].line().starts_with((folder.path() / "a.json").string() + ": byte "));
  CHECK(report.findings[1].line().starts_with((folder.path() / "b.json").string() + ": /schema: "));
  CHECK(report.findings[2].rule == "Acme");
  CHECK(report.errors() == 2);
  CHECK(report.rules == 1);
  CHECK(json::Reader(json::parse(report.to_json())).at("errors").integer() == 2);
}

TEST_CASE("a missing file is no finding but an error") {
  const std::vector<std::filesystem::path> paths{"no/such.json"};
  CHECK(message_of([&] { static_cast<void>(lint_rules(paths)); }) == "no/such.json: No such file or directory");
}

TEST_CASE("a user's rule that replaces a shipped one of its name is no mistake") {
  const Rule shipped = RuleSet::shipped().rules().front();
  const json::Value rule = json::object({{"name", shipped.name},
                                         {"source", "acme"},
                                         {"regex", "AcmeReplaces"},
                                         {"summary", "It failed."},
                                         {"advice", "Look."},
                                         {"category", shipped.category},
                                         {"matches", json::Array{"AcmeReplaces"}},
                                         {"ignores", json::Array{"Acme"}}});
  CHECK(lint_of(json::write(json::object({{"schema", "jobmedic.rules/1"}, {"rules", json::Array{rule}}}))).empty());
}

TEST_CASE("hostile lines made from a regex lead the endless ones to the limit") {
  for (const char* regex :
       {"(a+)+$", "(a|aa)+$", "([a-z]+)*=", "(x+x+)+y", "^(\\w+\\s?)*$x", "(.*a){12}b", "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(?:\\d+|[0-9]+)+!", "Failed: (\\S+\\s*)+done", "(?i)error: (?:[a-z ]+,?)+;", "(?<n>\\w+)+@",
        "(?:a{1,40}){1,40}b", "foo(?:[^\\n]*\\n?)*bar"}) {
    CAPTURE(regex);
    CHECK(is_endless(regex));
  }
}

TEST_CASE("a regex that PCRE2 cannot measure beside its frame is measured alone, or said to be too long") {
  const auto problems = [](std::size_t words) {
    std::string regex;
    for (std::size_t i = 0; i < words; ++i) regex += "|AcmeReason" + std::to_string(10'000 + i);
    const json::Value rule = json::object({{"name", "Long"},
                                           {"source", "acme"},
                                           {"within", "failure"},
                                           {"regex", regex.substr(1)},
                                           {"summary", "It failed."},
                                           {"advice", "Look."},
                                           {"category", "data"},
                                           {"matches", json::Array{"Exception in thread \"main\" AcmeReason10001"}},
                                           {"ignores", json::Array{"AcmeReason"}}});
    std::string told;
    for (const auto& finding :
         lint_of(json::write(json::object({{"schema", "jobmedic.rules/1"}, {"rules", json::Array{rule}}})))) {
      told += finding.problem + '\n';
    }
    return told;
  };
  CHECK(problems(200).empty());
  CHECK(problems(800) == "regex: is too long for its cost to be measured\n");
  CHECK(problems(1'900) == "regex: within \"failure\": regular expression is too large\n");
}

TEST_CASE("ordinary regexes are not called expensive") {
  for (const char* regex :
       {"heap space", "No space left on device", "^Caused by: .*Timeout", "Container killed .* (\\d+) of (\\d+) GB",
        "(?:foo|bar)+baz", "[^\\n]*?(?:\\n[^0-9\\n][^\\n]*?)*?heap space", "(a++)+$", "(?>a+)+$",
        "\\w+Exception: \\w+"}) {
    CAPTURE(regex);
    CHECK(cost_findings(regex).empty());
  }
}

TEST_CASE("the same rules are judged the same again") {
  const std::string document = json::write(json::Reader(classify_data("lint.json")).at("document").value());
  const auto lines = [&] {
    std::string all;
    for (const LintFinding& finding : lint_of(document)) all += told(finding) + "\n";
    return all;
  };
  CHECK(lines() == lines());
}
