// What an exit code tells beside the logs, and what it takes to stand against it.
#include <catch2/catch.hpp>

#include "classify_helpers.hpp"

using namespace jobmedic;

namespace {

const char* const document = R"json({"schema": "jobmedic.rules/1",
  "frames": {"died": [{"regex": "^FATAL: "}, {"log": "*.log", "regex": "\\A", "weaker": true}]},
  "rules": [{"name": "Disk", "within": "died", "regex": "disk full", "category": "resource_limit"},
            {"name": "Heap", "within": "died", "regex": "heap full", "category": "memory_config"},
            {"name": "Known", "regex": "quota gone", "when": {"exit_code": [0]}, "category": "resource_limit"},
            {"name": "Any", "regex": "FATAL", "category": "user_code"}]})json";

// No rule matches whatever stands around it.
const char* const framed = R"json({"schema": "jobmedic.rules/1",
  "frames": {"died": [{"regex": "^FATAL: "}]},
  "rules": [{"name": "Disk", "within": "died", "regex": "disk full", "category": "resource_limit"},
            {"name": "Heap", "within": "died", "regex": "heap full", "category": "memory_config"},
            {"name": "Any", "within": "died", "regex": "full", "category": "user_code"}]})json";

struct NamedLog {
  std::string name;
  std::string data;
};

Attempt ended_with(std::optional<std::int64_t> exit_code) {
  Attempt attempt;
  if (exit_code) attempt.outcome.emplace().exit_code = exit_code;
  return attempt;
}

// Whole, and byte by byte, which must tell the same.
Classification verdict_on(const std::vector<NamedLog>& texts, std::optional<std::int64_t> exit_code,
                          const char* rules = document) {
  const Classifier classifier = uncached(RuleSet::parse(rules));
  const Attempt attempt = ended_with(exit_code);
  std::vector<Log> logs;
  for (const NamedLog& text : texts) logs.push_back({text.name, text.data});
  Classification whole = classifier.classify(logs, &attempt);
  Scan scan = classifier.scan(&attempt);
  for (const NamedLog& text : texts) {
    for (const char& byte : text.data) scan.feed(text.name, std::string_view(&byte, 1));
  }
  CHECK(scan.result().to_json() == whole.to_json());
  return whole;
}

const std::string cause = "FATAL: disk full\n";
const std::string reported = "25/03/03 04:12:11 INFO ApplicationMaster: Final app status: FAILED, exitCode: 15\n";
const std::string succeeded = "25/03/03 04:32:11 INFO ApplicationMaster: Final app status: SUCCEEDED, exitCode: 0\n";

}  // namespace

TEST_CASE("against an exit code of 0 no proof counts unless a tool reports that its job failed") {
  const Classification silent = verdict_on({{"driver.stderr", cause}}, 0);
  CHECK_FALSE(silent.classified);
  REQUIRE_FALSE(silent.notes.empty());
  CHECK(silent.notes.back() == "the exit code is 0 and no tool reports that its job failed");
  CHECK(verdict_on({{"driver.stderr", cause}}, 1).rule == "Disk");
  CHECK(verdict_on({{"driver.stderr", cause}}, std::nullopt).rule == "Disk");
  CHECK(verdict_on({{"driver.stderr", cause + reported}}, 0).rule == "Disk");
  CHECK(verdict_on({{"driver.stderr", cause}, {"scheduler.log", reported}}, 0).rule == "Disk");
  CHECK(verdict_on({{"driver.stderr", "fine\n"}}, 0).notes.empty());
}

TEST_CASE("with a tool's report an exit code of 0 is that of a failed job: the weaker proofs count as well") {
  CHECK(verdict_on({{"task.log", "disk full\n"}}, 0).rule.empty());
  CHECK(verdict_on({{"task.log", "disk full\n" + reported}}, 0).rule == "Disk");
}

TEST_CASE("a report of success that comes later in that log, or is another log's last, takes the failure back") {
  CHECK_FALSE(verdict_on({{"driver.stderr", cause + reported + succeeded}}, 0).classified);
  CHECK(verdict_on({{"driver.stderr", succeeded + cause + reported}}, 0).classified);
  CHECK_FALSE(verdict_on({{"driver.stderr", cause + reported}, {"scheduler.log", succeeded}}, 0).classified);
}

TEST_CASE("against an exit code of 0 a job went on after a caught failure by what shows it in logs of any name") {
  const std::string wrote = "2025-03-03 04:12:11 wrote 8812 rows\n";
  const std::string second = "FATAL: heap full\n" + reported;
  CHECK(verdict_on({{"driver.stderr", cause + wrote + second}}, 0).rule == "Heap");
  CHECK(verdict_on({{"driver.stderr", cause + wrote + second}}, 1).rule == "Disk");  // only a *.log tells it so
}

TEST_CASE("of a job that failed, what it went on after counts where nothing later explains the exit code") {
  const std::string went_on = "25/03/03 04:12:11 INFO SparkContext: Starting job: count\n";
  const std::string outlived = cause + went_on + "FATAL: heap full\n" + went_on;
  const Classification last = verdict_on({{"driver.stderr", outlived}}, 1, framed);
  CHECK(last.rule == "Heap");
  CHECK(last.evidence->line == 3);
  REQUIRE_FALSE(last.notes.empty());
  CHECK(last.notes.back() == "the log goes on after this, but nothing later in it explains the failure");
  CHECK_FALSE(verdict_on({{"driver.stderr", outlived}}, std::nullopt, framed).classified);
  CHECK(verdict_on({{"driver.stderr", outlived + cause}}, 1, framed).rule == "Disk");
}

TEST_CASE("where nobody knows the exit code, what a tool reports last says whether the job went on for long") {
  const std::string went_on = "25/03/03 04:12:11 INFO SparkContext: Starting job: count\n";
  const Classification outlived = verdict_on({{"driver.stderr", cause + went_on + reported}}, std::nullopt, framed);
  CHECK(outlived.rule == "Disk");
  CHECK_FALSE(outlived.notes.empty());
  CHECK_FALSE(verdict_on({{"driver.stderr", cause + reported + went_on}}, std::nullopt, framed).classified);
  CHECK_FALSE(verdict_on({{"driver.stderr", cause + went_on}}, std::nullopt, framed).classified);
}

TEST_CASE("a rule that names the exit code 0 itself needs no report") {
  CHECK(verdict_on({{"driver.stderr", "quota gone\n"}}, 0).rule == "Known");
  CHECK_FALSE(verdict_on({{"driver.stderr", "quota gone\n"}}, 1).classified);
}

TEST_CASE("tools that swallow the exit code are believed by their last words") {
  const Classifier classifier = uncached(RuleSet::shipped());
  const Attempt attempt = ended_with(0);
  const auto classified = [&](const std::string& text) {
    const std::vector<Log> logs{{"driver.stdout", text}};
    return classifier.classify(logs, &attempt).classified;
  };
  const std::string stack = "Traceback (most recent call last):\n  File \"/srv/a.py\", line 8, in <module>\n    f()\n";
  const std::string error = "KeyError: 'id'\n";
  CHECK(classified("+ tee a.log\n" + stack + error));  // python a.py | tee a.log
  CHECK(classified("+ tee a.log\n" + stack + error + "\n"));
  CHECK_FALSE(classified("+ tee a.log\n" + stack + error + "31 tables\n"));
  CHECK_FALSE(classified("ERROR metrics: not sent\n" + stack + error));  // logged, not died of
  CHECK(classified("[2025-04-09T03:00:21] {taskinstance.py:3311} ERROR - Task failed with exception\n" + stack + error +
                   "[2025-04-09T03:00:22] {taskinstance.py:1225} INFO - Marking task as FAILED. dag_id=a\n"));
  CHECK_FALSE(classified("[2025-04-09T03:00:21] {taskinstance.py:3311} ERROR - Task failed with exception\n" + stack +
                         error +
                         "[2025-04-09T03:09:22] {taskinstance.py:1225} INFO - Marking task as SUCCESS. dag_id=a\n"));
  CHECK(
      classified("03:11:12  Completed with 1 error and 0 warnings:\n03:11:12    Database Error in model a (a.sql)\n"
                 "  permission denied for schema raw\n"
                 "03:11:12  Done. PASS=1 WARN=0 ERROR=1 SKIP=0 TOTAL=2\n"));
}
