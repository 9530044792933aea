// "within": what proves that the job failed, and the telling phrase below it.
#include "classify/frames.hpp"

#include <catch2/catch.hpp>

#include "classify/filter_expression.hpp"
#include "classify_helpers.hpp"

using namespace jobmedic;

namespace {

const char* const document = R"json({"schema": "jobmedic.rules/1",
  "frames": {"died": [{"regex": "^FATAL: "},
                      {"log": "*.log", "regex": "\\A", "weaker": true}]},
  "rules": [{"name": "Disk", "within": "died", "regex": "disk full", "category": "resource_limit"},
            {"name": "Heap", "within": "died", "regex": "heap full", "category": "memory_config"},
            {"name": "Any", "regex": "FATAL", "category": "user_code"}]})json";

Classification verdict_on(const std::string& name, const std::string& text) {
  static const Classifier classifier = uncached(RuleSet::parse(document));
  const std::vector<Log> logs{{name, text}};
  return classifier.classify(logs);
}

}  // namespace

TEST_CASE("a rule within a frame counts only in the stack that the frame begins") {
  CHECK(verdict_on("driver.stderr", "FATAL: gave up\n  while writing\n  disk full\n").rule == "Disk");
  CHECK(verdict_on("driver.stderr", "disk full\nFATAL: gave up\n").rule == "Any");
  CHECK(verdict_on("driver.stderr", "FATAL: gave up\n26/11/22 INFO disk full\n").rule == "Any");
  CHECK(verdict_on("driver.stderr", "FATAL: gave up\n\ndisk full\n").rule == "Any");
  CHECK_FALSE(verdict_on("driver.stderr", "disk full\n").classified);
}

TEST_CASE("a stack ends where a log line of its own begins, by whatever clock") {
  const std::vector<std::string> own{"26/11/22 10:00:00 ERROR ",
                                     "[2026-11-22 10:00:00] ",
                                     "INFO ",
                                     "[WARN] ",
                                     "Jun  4 03:12:59 host spark[7]: ",
                                     "Nov 22 10:00:00.123 ",
                                     "Jan 31 00:00 ",
                                     "spark-worker-1 2026-11-22 10:00:00.008 ",
                                     "api.log.3 2026-11-22T10:00:00Z "};
  const std::vector<std::string> stack{"\tat org.example.Main.run(Main.java:7) ",
                                       "Caused by: ",
                                       "INFORMED ",
                                       "Jun 4 ",
                                       "Jun 4th 03:12 ",
                                       "DateTimeException: 2026-11-22 10:00:00 ",
                                       "at 2026-11-22 ",
                                       " 2026-11-22 10:00:00 ",
                                       std::string(81, 'w') + " 2026-11-22 10:00:00 ",
                                       ""};
  for (const std::string& line : own) {
    INFO(line);
    CHECK(classify::begins_anew(line + "disk full\n"));
    CHECK(verdict_on("driver.stderr", "FATAL: gave up\n" + line + "disk full\n").rule == "Any");
  }
  for (const std::string& line : stack) {
    INFO(line);
    CHECK_FALSE(classify::begins_anew(line + "disk full\n"));
    CHECK(verdict_on("driver.stderr", "FATAL: gave up\n" + line + "disk full\n").rule == "Disk");
  }
}

TEST_CASE("a stack is read 256 lines deep, however its bytes arrive") {
  const Classifier classifier = uncached(RuleSet::parse(document));
  std::string calls;
  for (int i = 0; i < 254; ++i)
    calls += "\tat org.example.Call$" + std::to_string(i) + ".run(Call.java:" + std::to_string(i) + ")\n";
  CHECK(verdict_on("driver.stderr", "FATAL: gave up\n" + calls + "Caused by: disk full\n").rule == "Disk");
  CHECK(verdict_on("driver.stderr", "FATAL: gave up\n" + calls + "\tat Main\nCaused by: disk full\n").rule == "Any");
  const std::string text = "FATAL: gave up\n" + calls + "Caused by: disk full\n";
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{4096}}) {
    Scan scan = classifier.scan();
    for (std::size_t at = 0; at < text.size(); at += size) {
      scan.feed("driver.stderr", std::string_view(text).substr(at, size));
    }
    CHECK(scan.result().evidence->line == 256);
  }
}

TEST_CASE("the evidence is the telling line, not the frame's") {
  const Classification verdict = verdict_on("driver.stderr", "fine\nFATAL: gave up\n  cause: disk full, sadly\nmore\n");
  CHECK(verdict.evidence->text == "  cause: disk full, sadly");
  CHECK(verdict.evidence->line == 3);
  CHECK(verdict.evidence->offset == 29);
}

TEST_CASE("where only a weaker frame stands, a rule comes after those with a better one, and is told once") {
  CHECK(verdict_on("app.log", "disk full\nFATAL: gave up\n  heap full\n").rule == "Heap");
  const Classification both = verdict_on("app.log", "FATAL: disk full\n");
  CHECK(both.rule == "Disk");
  REQUIRE(both.other_matches.size() == 1);
  CHECK(both.other_matches.front().rule == "Any");
  CHECK(verdict_on("app.log", "disk full\n").rule == "Disk");
  CHECK(verdict_on("", "disk full\n").rule == "Disk");
}

TEST_CASE("a mere symptom of anything gives way to a weaker proof as well, another rule does not") {
  const auto rule_found = [](const std::string& wraps) {
    const Classifier classifier = uncached(RuleSet::parse(R"json({"schema": "jobmedic.rules/1",
        "frames": {"died": [{"regex": "^FATAL: "}, {"log": "*.log", "regex": "^oops: ", "weaker": true}]}, "rules": [
        {"name": "Task", "within": "died", "regex": "task failed", "category": "user_code", "wraps": [)json" +
                                                          wraps + R"json(]},
        {"name": "Disk", "within": "died", "regex": "disk full", "category": "resource_limit"}]})json"));
    const std::vector<Log> logs{{"task.log", "oops: disk full\n\nFATAL: task failed\n"}};
    return classifier.classify(logs).rule;
  };
  CHECK(rule_found(R"("*")") == "Disk");
  CHECK(rule_found(R"("Disk")") == "Task");
  CHECK(rule_found("") == "Task");
}

TEST_CASE("a symptom yields to the first that it wraps but those left out, not to what stands between") {
  const Classifier classifier = uncached(RuleSet::parse(R"json({"schema": "jobmedic.rules/1", "rules": [
      {"name": "Lost", "regex": "lost", "category": "transient_infra", "wraps": ["*", "!Timeout"]},
      {"name": "Timeout", "regex": "timed out", "category": "transient_infra"},
      {"name": "Memory", "regex": "killed", "category": "memory_config"}]})json"));
  const auto rule_found = [&](const std::string& text) {
    const std::vector<Log> logs{{"a.log", text}};
    return classifier.classify(logs).rule;
  };
  CHECK(rule_found("lost: timed out\n") == "Lost");
  CHECK(rule_found("lost: timed out\nkilled\n") == "Memory");
}

TEST_CASE("a rule that follows another yields to it where the job went on after that, in the same log only") {
  const Classifier classifier = uncached(RuleSet::parse(R"json({"schema": "jobmedic.rules/1", "rules": [
      {"name": "Denied", "within": "told", "regex": "access denied to bucket", "category": "permission"},
      {"name": "Missing", "within": "told", "regex": "no such file", "category": "data", "follows": ["Denied"]}]})json"));
  const auto rule_found = [&](const std::string& first, const std::string& second) {
    const std::vector<Log> logs{{"a.log", first}, {"b.log", second}};
    return classifier.classify(logs).rule;
  };
  const std::string denied = "access denied to bucket in\nINFO go on\nINFO 1\nINFO 2\nINFO 3\n";
  CHECK(rule_found(denied + "no such file: x\n", "") == "Denied");
  CHECK(rule_found(denied, "no such file: x\n") == "Missing");
  CHECK(rule_found("INFO 1\nno such file: x\n", "") == "Missing");
  CHECK(rule_found(denied, "").empty());
}

TEST_CASE("what is no stream of an engine's role is read as a tool's log") {
  const Classifier classifier = uncached(RuleSet::parse(R"json({"schema": "jobmedic.rules/1", "rules": [
      {"name": "Disk", "log": "*.log", "regex": "disk full", "category": "resource_limit"}]})json"));
  const auto is_read = [&](const std::string& name) {
    const std::vector<Log> logs{{name, "disk full\n"}};
    return classifier.classify(logs).classified;
  };
  CHECK(is_read("indexer.stderr"));
  CHECK(is_read("tool.log"));
  CHECK(is_read("excerpt.txt"));  // what a person saves and asks about
  CHECK(is_read("-"));
  CHECK_FALSE(is_read("executor-1.stderr"));
  CHECK_FALSE(is_read("driver.stderr"));
  CHECK_FALSE(is_read("stderr"));
}

TEST_CASE("of a job whose exit code says that it failed, a log may prove it by frames for other names, after its own") {
  const Classifier classifier = uncached(RuleSet::parse(R"json({"schema": "jobmedic.rules/1",
      "frames": {"died": [{"log": "driver.*", "regex": "^FATAL: "}, {"log": "*.log", "regex": "^oops: "}]}, "rules": [
      {"name": "Disk", "within": "died", "regex": "disk full", "category": "resource_limit"},
      {"name": "Key", "within": "died", "regex": "no such key", "category": "data"},
      {"name": "Elsewhere", "log": "*.log", "regex": "^oops", "category": "data"},
      {"name": "Bug", "within": "died", "regex": "bug", "category": "user_code"},
      {"name": "ByCode", "when": {"exit_code": [1]}, "category": "user_code"}]})json"));
  const auto verdict = [&](const std::string& text, std::optional<std::int64_t> exit_code) {
    const std::vector<Log> logs{{"driver.stderr", text}};
    Attempt attempt;
    if (exit_code) attempt.outcome.emplace().exit_code = exit_code;
    const Classification whole = classifier.classify(logs, &attempt);
    Scan scan = classifier.scan(&attempt);
    for (const char& byte : text) scan.feed("driver.stderr", std::string_view(&byte, 1));
    CHECK(scan.result().to_json() == whole.to_json());
    return whole.rule;
  };
  const std::string other = "oops: disk full\n";
  CHECK(verdict(other, 1) == "Disk");
  CHECK(verdict(other, 0).empty());
  CHECK(verdict(other, std::nullopt).empty());
  CHECK(verdict(other + "FATAL: no such key\n", 1) == "Key");  // a proof of its own comes first, whatever the order
  CHECK(verdict("oops\n", 1) == "ByCode");                     // a rule's own glob holds
  CHECK(verdict("oops: bug\n", 1) == "ByCode");                // too weak a proof to keep anyone from trying again
  CHECK(verdict("FATAL: bug\n", 1) == "Bug");
}

TEST_CASE("in a frame \\A is where the log begins, however its bytes arrive") {
  const Classifier classifier = uncached(RuleSet::parse(document));
  const std::string filler(1'000'000, '-');
  for (const std::string& before : {std::string(), std::string("x\n\n"), filler + "\n\n"}) {
    const std::string text = before + "disk full\n";
    const std::vector<Log> logs{{"app.log", text}};
    CHECK(classifier.classify(logs).classified == before.empty());
    Scan scan = classifier.scan();
    for (std::size_t i = 0; i < text.size(); i += 999) scan.feed("app.log", std::string_view(text).substr(i, 999));
    CHECK(scan.result().to_json() == classifier.classify(logs).to_json());
  }
}

TEST_CASE("a line of the stack that begins with what the frame excepts tells nothing, the one below it does") {
  const Classifier classifier = uncached(RuleSet::parse(R"json({"schema": "jobmedic.rules/1",
    "frames": {"died": [{"regex": "^FATAL: ", "except": "#|> "}]},
    "rules": [{"name": "Disk", "within": "died", "regex": "disk full", "category": "resource_limit"}]})json"));
  const auto classified = [&](const std::string& text) {
    const std::vector<Log> logs{{"driver.stderr", text}};
    return classifier.classify(logs).classified;
  };
  CHECK(classified("FATAL: disk full\n"));
  CHECK(classified("FATAL: gave up\n  disk full\n"));
  CHECK_FALSE(classified("FATAL: gave up\n# disk full\n"));
  CHECK_FALSE(classified("FATAL: gave up\n  as the manual says:\n> disk full\n"));
  CHECK(classified("FATAL: gave up\n# disk full\n  disk full\n"));
  CHECK_FALSE(classified("FATAL: gave up\n\n  disk full\n"));
}

TEST_CASE("what a frame excepts is a member of its own, and parts two frames that begin alike") {
  const RuleSet rules = RuleSet::parse(R"json({"schema": "jobmedic.rules/1",
    "frames": {"a": [{"regex": "^FATAL: ", "except": ["#", "> "]}], "b": [{"regex": "^FATAL: "}]},
    "rules": [{"name": "A", "within": "a", "regex": "disk full", "category": "data"},
              {"name": "B", "within": "b", "regex": "disk full", "category": "data"}]})json");
  CHECK(rules.rules()[0].frames.get()[0] == Frame{"*", "^FATAL: ", "#|> ", false});
  CHECK(rules.rules()[1].frames.get()[0] == Frame{"*", "^FATAL: ", "", false});
  const Classifier classifier = uncached(rules);
  const std::vector<Log> logs{{"driver.stderr", "FATAL: gave up\n# disk full\n"}};
  CHECK(classifier.classify(logs).rule == "B");
}

TEST_CASE("a rule's own log glob and the frame's both hold") {
  const auto globs = [](const std::string& log) {
    const std::string text = R"({"schema": "jobmedic.rules/1", "frames": {"f": [{"log": "driver.*", "regex": "x"}]},
        "rules": [{"name": "A", "log": ")" +
                             log + R"(", "within": "f", "regex": "y", "category": "data"}]})";
    std::vector<std::string> found;
    const RuleSet rules = RuleSet::parse(text);
    for (const classify::RunnableRule& rule : classify::runnable(rules.rules()).rules) found.emplace_back(rule.log);
    return found;
  };
  CHECK(globs("*") == std::vector<std::string>{"driver.*"});
  CHECK(globs("driver.stderr") == std::vector<std::string>{"driver.stderr"});
  CHECK(globs("*.*") == std::vector<std::string>{"driver.*"});
  CHECK(globs("executor-*").empty());
}

TEST_CASE("the frames of the shipped pack are known to a user's rules") {
  const Classifier classifier = uncached(RuleSet::parse(R"({"schema": "jobmedic.rules/1", "rules": [
      {"name": "Mine", "within": "failure", "regex": "warehouse (?<name>\\w+) is closed", "category": "data"}]})"));
  const std::string failed = "Exception in thread \"main\" com.acme.Closed: warehouse north is closed\n";
  const std::vector<Log> logs{{"driver.stderr", failed}};
  CHECK(classifier.classify(logs).evidence->captures == std::map<std::string, std::string>{{"name", "north"}});
  const std::string retried = "26/11/22 02:41:39 WARN Retry: com.acme.Closed: warehouse north is closed\n";
  const std::vector<Log> innocent{{"driver.stderr", retried}};
  CHECK_FALSE(classifier.classify(innocent).classified);
}

TEST_CASE("what is told in a frame before the job went on is not what it died of, however its bytes arrive") {
  const std::string caught = "FATAL: disk full\n";
  const std::string went_on = "26/11/22 02:41:39 INFO SparkContext: Starting job: count at <unknown>:0\n";
  CHECK(verdict_on("driver.stderr", caught + went_on).rule == "Any");
  CHECK(verdict_on("driver.stderr", went_on + caught).rule == "Disk");
  CHECK(verdict_on("driver.stderr", caught + went_on + caught).evidence->line == 3);
  CHECK(verdict_on("driver.stderr", caught + went_on + "FATAL: heap full\n" + went_on).rule == "Any");

  // Over several blocks, and beside a log in which nothing was caught.
  const Classifier classifier = uncached(RuleSet::parse(document));
  const std::string filler = std::string(700'000, '-') + "\n";
  const std::string first = caught + filler + went_on + filler + "FATAL: heap full\n";
  for (const std::string& second : {caught, filler + caught, std::string("fine\n")}) {
    const std::vector<Log> logs{{"driver.stderr", first}, {"driver.stdout", second}};
    const Classification whole = classifier.classify(logs);
    CHECK(whole.rule == (second == "fine\n" ? "Heap" : "Disk"));
    for (const std::size_t size : {std::size_t{999}, std::size_t{80'000}, std::size_t{2'000'000}}) {
      Scan scan = classifier.scan();
      for (std::size_t at = 0; at < std::max(first.size(), second.size()); at += size) {
        if (at < first.size()) scan.feed("driver.stderr", std::string_view(first).substr(at, size));
        if (at < second.size()) scan.feed("driver.stdout", std::string_view(second).substr(at, size));
        if (at / size % 100 == 7) static_cast<void>(scan.result());
      }
      CHECK(scan.result().to_json() == whole.to_json());
    }
  }
}

TEST_CASE("a traceback below which the program went on to print is not what it died of") {
  const Classifier classifier = uncached(RuleSet::parse(R"json({"schema": "jobmedic.rules/1", "rules": [
      {"name": "Any", "within": "failure", "regex": "\\w(?:Error|Exception): ", "category": "user_code"}]})json"));
  const auto line = [&](const std::string& text) {
    const std::vector<Log> logs{{"driver.stdout", text}};
    const Classification verdict = classifier.classify(logs);
    return verdict.classified ? verdict.evidence->line : 0;
  };
  const std::string begin = "Traceback (most recent call last):\n  File \"daily.py\", line 9, in <module>\n";
  const std::string key = begin + "KeyError: 7\n";
  const std::string refused = begin +
                              "pyspark.errors.exceptions.captured.AnalysisException: [PATH_NOT_FOUND] Path does "
                              "not exist: file:/in. SQLSTATE: 42K03\n";
  const std::string java = begin +
                           "py4j.protocol.Py4JJavaError: An error occurred while calling o42.load.\n"
                           ": java.lang.IllegalStateException: two runs for one day\n"
                           "\tat java.base/java.lang.Thread.run(Thread.java:840)\n\n";
  const std::string printed = "loaded 5 rows without it\n";
  for (const auto& [caught, at] : {std::pair{key, 3U}, {refused, 3U}, {java, 4U}}) {
    CHECK(line(caught) == at);
    CHECK(line(caught + printed) == 0);
    CHECK(line(printed + caught) == at + 1);
    CHECK(line(caught + printed + key) > at + 1);
    CHECK(line(caught + "run.sh: the job failed\n") == at);
  }
}

TEST_CASE("a count of nothing does not show that a program went on") {
  const Classifier classifier = uncached(RuleSet::shipped());
  const auto judge = [&](const std::string& log) {
    const std::vector<Log> logs{{"load.log", log}};
    return classifier.classify(logs).rule;
  };
  const std::string failed = "Starting copy...\nError = [Microsoft]Unexpected EOF encountered in BCP data-file\n\n";
  CHECK(judge(failed + "0 rows copied.\n") == "DatabaseValueRefused");
  CHECK(judge(failed + "10 rows copied.\n").empty());
}

TEST_CASE("the only rule of a set is found again behind the row that shows that the job went on") {
  const Classifier classifier = uncached(RuleSet::parse(R"json({"schema": "jobmedic.rules/1",
    "frames": {"told": [{"log": "*.log", "regex": "^E "}]},
    "rules": [{"name": "Disk", "within": "told", "regex": "disk full", "category": "resource_limit"}]})json"));
  const std::string caught = "E disk full\n";
  const std::string first = caught + std::string(700'000, '-') + "\nBUILD SUCCESS\n";
  const std::string text = first + caught;
  const std::vector<Log> logs{{"app.log", text}};
  CHECK(first.size() > 512 * 1024);
  const Classification verdict = classifier.classify(logs);
  REQUIRE(verdict.classified);
  CHECK(verdict.evidence->offset == first.size() + 2);
}

TEST_CASE("a program that caught an exception and died of a later one is judged by the later") {
  const Classifier classifier = uncached(RuleSet::shipped());
  const std::string begin = "Traceback (most recent call last):\n  File \"job.py\", line 3, in <module>\n";
  const std::string caught = "no cache yet\n" + begin + "FileNotFoundError: [Errno 2] No such file or directory: 'c'\n";
  const std::string died = "loading\n" + begin + "MemoryError\n";
  CHECK(classify_one(classifier, caught).category == "data");
  CHECK(classify_one(classifier, caught + died).category == "memory_config");
  CHECK(classify_one(classifier, died + "Exception ignored in: <function f>\n" + begin + "ValueError: x\n").category ==
        "memory_config");
  const std::string chained = "\nDuring handling of the above exception, another exception occurred:\n\n";
  CHECK(classify_one(classifier, died + chained + begin + "RuntimeError: x\n").category == "memory_config");
  CHECK_FALSE(classify_one(classifier, caught + "26/11/22 02:41:39 INFO SparkContext: Starting job: a\n").classified);
}

TEST_CASE("a frame may hold the alternatives of an earlier one") {
  const Classifier classifier = uncached(RuleSet::parse(R"json({"schema": "jobmedic.rules/1",
    "frames": {"died": "^FATAL: ", "ended": [{"frame": "died"}, {"log": "*.log", "regex": "^exit: "}]},
    "rules": [{"name": "Disk", "within": "ended", "regex": "disk full", "category": "resource_limit"}]})json"));
  const auto found = [&](const char* name, const char* text) {
    const std::vector<Log> logs{{name, text}};
    return classifier.classify(logs).classified;
  };
  CHECK(found("driver.stderr", "FATAL: disk full\n"));
  CHECK(found("app.log", "exit: disk full\n"));
  CHECK_FALSE(found("driver.stderr", "exit: disk full\n"));
}

TEST_CASE("a regex that may match a line break is known by its text, rather once too often") {
  for (const char* regex :
       {"a\nb", "a\\nb", "a\\sb", "[^a]", "[^a-z]", "[\\s]", "[a\\n]", "[\\t-~]", "[!-\\x7e]", "\\W+", "\\D",
        "[[:space:]]", "[^\\n[:alpha:]]", "(?s).", "\\x0a", "\\R", "[\t-~]", "[]a]\\s"}) {
    CAPTURE(regex);
    CHECK(classify::may_span_lines(regex));
  }
  for (const char* regex : {"a.*b", "[^\\n]", "[^\\s\"]", "[:= ]{1,3}", "a-\\d", "\\w-\\w", "[\\w.-]+", "(?<name>\\S+)",
                            "(?<!a)b$", "\\[[a-z]\\]", "[]a]", "[^]\\n]"}) {
    CAPTURE(regex);
    CHECK_FALSE(classify::may_span_lines(regex));
  }
}

TEST_CASE("Hyperscan looks for the telling phrase alone") {
  const RuleSet rules = RuleSet::parse(document);
  const std::string filter = classify::filter_expression(classify::runnable(rules.rules()).regex(0), "").value_or("");
  CHECK(filter.find("disk full") != std::string::npos);
  CHECK(filter.find("FATAL") == std::string::npos);
  CHECK(classify::filter_expression("frame\\Kphrase", "") == "(?:phrase)");
  CHECK(classify::filter_expression("(group)\\K\\1phrase", "").value_or("").find("group") != std::string::npos);
  CHECK(classify::filter_expression("one\\Ktwo|three", "").value_or("").find("three") != std::string::npos);
}

TEST_CASE("frames are put together from parts and lists of alternatives") {
  const RuleSet rules = RuleSet::parse(R"json({"schema": "jobmedic.rules/1",
    "parts": {"level": "ERROR|FATAL", "begin": "^(?:{{level}}): "},
    "frames": {"died": [{"regex": ["{{begin}}", "^exit \\d+: "]}]},
    "rules": [{"name": "Disk", "within": "died", "regex": "disk full", "category": "resource_limit"}]})json");
  REQUIRE(rules.rules().front().frames.get().size() == 1);
  CHECK(rules.rules().front().frames.get().front().regex == R"(^(?:ERROR|FATAL): |^exit \d+: )");
}

TEST_CASE("a part that is not there, or that grows without end, is refused with its place") {
  const auto refused = [](const std::string& members) {
    try {
      RuleSet::parse(R"({"schema": "jobmedic.rules/1", )" + members + R"(, "rules": []})", "mine.json");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refused(R"("frames": {"f": "a{{b}}"})") == "mine.json: /frames/f: {{b}}: there is no such part before this");
  CHECK(refused(R"("frames": {"f": [{"regex": ["a", "{{b"]}]})") ==
        "mine.json: /frames/f/0/regex/1: {{b}}: there is no such part before this");
  CHECK(refused(R"("parts": {"a": "{{b}}", "b": "x"})") ==
        "mine.json: /parts/a: {{b}}: there is no such part before this");
  std::string parts = R"("p0": "0123456789")";
  for (int i = 1; i < 10; ++i) {
    const std::string earlier = "{{p" + std::to_string(i - 1) + "}}";
    parts += ", \"p" + std::to_string(i) + "\": \"" + earlier + earlier + earlier + earlier + "\"";
  }
  CHECK(refused("\"parts\": {" + parts + "}").find("is longer than 64 KiB with its parts") != std::string::npos);
}
