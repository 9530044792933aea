// The shipped rules: each means what its examples say, and together they name the cause of real failures.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "classify/frames.hpp"
#include "classify/regex.hpp"
#include "classify_helpers.hpp"
#include "test_data.hpp"

using namespace jobmedic;
namespace fs = std::filesystem;

namespace {

const Classifier& shipped() {
  static const Classifier classifier = uncached(RuleSet::shipped());
  return classifier;
}

Attempt ended_with(std::int64_t exit_code) {
  Attempt attempt;
  attempt.job = "recorded";
  attempt.outcome.emplace();
  attempt.outcome->succeeded = exit_code == 0;
  attempt.outcome->exit_code = exit_code;
  return attempt;
}

// A log without a name is tried by every rule.
Classification verdict_on_excerpt(std::string_view text, const Attempt* attempt = nullptr) {
  const std::vector<Log> logs{{"", text}};
  return shipped().classify(logs, attempt);
}

// Where the rule is about an exit code, the attempt ended with it.
Classification verdict_on_example(std::string_view text, const Rule& rule) {
  if (rule.when.exit_codes.empty()) return verdict_on_excerpt(text);
  const Attempt attempt = ended_with(rule.when.exit_codes.front());
  return verdict_on_excerpt(text, &attempt);
}

bool fired(const Classification& verdict, const std::string& rule) {
  if (verdict.rule == rule) return true;
  return std::any_of(verdict.other_matches.begin(), verdict.other_matches.end(),
                     [&](const RuleMatch& match) { return match.rule == rule; });
}

bool is_one_sentence(const std::string& text) {
  return text.size() > 10 && text.back() == '.' && text.find('\n') == std::string::npos &&
         text.find(". ") == std::string::npos;
}

struct Run {
  std::string name;
  std::vector<std::pair<std::string, std::string>> files;
  std::string category;  // "none": it ended well
  bool restartable = false;
  std::int64_t exit_code = 0;

  [[nodiscard]] std::vector<Log> logs() const {
    std::vector<Log> all;
    for (const auto& [file, text] : files) all.push_back({file, text});
    return all;
  }
};

Run read_run(const fs::path& folder) {
  const json::Value meta = json::parse(read_file(folder / "meta.json"));
  const json::Reader in(meta);
  Run run{folder.filename().string(), {}, in.at("category").string(), false, in.at("exit_code").integer()};
  if (run.category != "none") run.restartable = in.at("restartable").boolean();
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    if (file != "meta.json") run.files.emplace_back(file, read_file(entry.path()));
  }
  std::sort(run.files.begin(), run.files.end());
  return run;
}

std::vector<Run> recorded_runs() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(test_data("spark-failures"))) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  std::vector<Run> runs;
  for (const fs::path& folder : folders) runs.push_back(read_run(folder));
  return runs;
}

}  // namespace

TEST_CASE("the shipped frames are regexes without groups of their own") {
  for (const auto& [name, frames] : classify::shipped_frames()) {
    CAPTURE(name);
    REQUIRE_FALSE(frames.empty());
    for (const Frame& frame : frames.get()) CHECK(classify::Regex(frame.regex, "", false).groups() == 0);
  }
}

TEST_CASE("there are enough rules, and no two share a name") {
  const auto& rules = shipped().rules().rules();
  std::set<std::string> names;
  for (const Rule& rule : rules) names.insert(rule.name);
  CHECK(names.size() == rules.size());
  CHECK(rules.size() >= 400);
}

TEST_CASE("a person finds one sentence on what happened and one on what to do in every rule") {
  for (const Rule& rule : shipped().rules().rules()) {
    INFO(rule.name);
    CHECK(is_one_sentence(rule.summary));
    CHECK(is_one_sentence(rule.advice));
    CHECK_FALSE(rule.source.empty());
  }
}

TEST_CASE("every shipped rule matches its examples and ignores its near misses") {
  for (const Rule& rule : shipped().rules().rules()) {
    if (rule.regex.empty()) continue;
    CAPTURE(rule.name);
    CHECK_FALSE(rule.matches.empty());
    CHECK_FALSE(rule.ignores.empty());
    for (const std::string& text : rule.matches) {
      CAPTURE(text);
      CHECK(fired(verdict_on_example(text, rule), rule.name));
    }
    for (const std::string& text : rule.ignores) {
      CAPTURE(text);
      CHECK_FALSE(fired(verdict_on_example(text, rule), rule.name));
    }
  }
}

TEST_CASE("no earlier rule gives the example of another a different category") {
  for (const Rule& rule : shipped().rules().rules()) {
    for (const std::string& text : rule.matches) {
      const Classification verdict = verdict_on_example(text, rule);
      CAPTURE(rule.name, verdict.rule, text);
      CHECK(verdict.category == rule.category);
      CHECK(verdict.restartable == rule.restartable);
    }
  }
}

TEST_CASE("an exit code decides only where the logs are silent") {
  const std::vector<Log> silent{{"driver.stderr", "26/11/22 02:19:12 INFO SparkContext: Running Spark\n"}};
  const std::vector<Log> telling{{"driver.stdout", "JAVA_HOME is not set\n"}};
  for (const Rule& rule : shipped().rules().rules()) {
    if (!rule.regex.empty()) continue;
    for (const std::int64_t code : rule.when.exit_codes) {
      CAPTURE(rule.name, code);
      const Attempt attempt = ended_with(code);
      CHECK(shipped().classify(silent, &attempt).rule == rule.name);
      CHECK(shipped().classify(telling, &attempt).rule == "JavaHomeMissing");
    }
  }
  CHECK_FALSE(shipped().classify(silent).classified);
  const Attempt well = ended_with(0);
  CHECK_FALSE(shipped().classify(silent, &well).classified);
  const Attempt generic = ended_with(1);
  CHECK_FALSE(shipped().classify(silent, &generic).classified);
}

TEST_CASE("Netflix's own example is among the rules and reads a log called stdout") {
  const auto& rules = shipped().rules().rules();
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [](const Rule& each) { return each.name == "SparkDriverOOM"; });
  REQUIRE(rule != rules.end());
  CHECK(rule->source == "spark");
  CHECK(rule->regex == "SparkOutOfMemoryError:");
  CHECK(rule->fault == "user");
  CHECK_FALSE(rule->restartable);
  CHECK(rule->when.empty());
  const std::string text = "org.apache.spark.memory.SparkOutOfMemoryError: Unable to acquire 65536 bytes of memory\n";
  for (const char* name : {"stdout", "driver.stdout"}) {
    const std::vector<Log> logs{{name, text}};
    CHECK(shipped().classify(logs).rule == "SparkDriverOOM");
  }
}

TEST_CASE("a failure that Spark recovered from is no verdict") {
  const std::string recovered =
      "26/11/22 02:29:20 ERROR TaskSchedulerImpl: Lost executor 0 on host-7: Command exited with code 137\n"
      "26/11/22 02:29:20 WARN TaskSetManager: Lost task 0.0 in stage 0.0 (TID 0) (host-7 executor 0): "
      "ExecutorLostFailure (executor 0 exited caused by one of the running tasks) Reason: Command exited with code "
      "137\n"
      "26/11/22 02:29:21 WARN TaskSetManager: Lost task 1.0 in stage 0.0 (TID 1) (host-7 executor 1): "
      "java.lang.OutOfMemoryError: Java heap space\n"
      "\tat com.acme.etl.Rollup.add(Rollup.java:7)\n"
      "Caused by: java.io.IOException: No space left on device\n"
      "26/11/22 02:30:18 ERROR CoarseGrainedExecutorBackend: RECEIVED SIGNAL TERM\n";
  const std::vector<Log> logs{{"driver.stderr", recovered}, {"executor-1.stderr", recovered}};
  const Classification verdict = shipped().classify(logs);
  CAPTURE(verdict.rule);
  CHECK_FALSE(verdict.classified);
}

TEST_CASE("the stack of a failed task counts in an excerpt that ends with it, not where the job goes on") {
  const std::string task =
      "26/11/22 02:29:19 INFO BlockManagerInfo: Added broadcast_0_piece0 in memory on host-7:41234 (size: 5.2 KiB)\n"
      "26/11/22 02:29:20 ERROR Executor: Exception in task 0.0 in stage 0.0 (TID 0)\n"
      "java.util.zip.ZipException: invalid stored block lengths\n"
      "\tat java.base/java.util.zip.InflaterInputStream.read(InflaterInputStream.java:165)\n";
  const auto verdict = [](const std::string& name, const std::string& text) {
    const std::vector<Log> logs{{name, text}};
    return shipped().classify(logs);
  };
  CHECK(verdict("", task).category == "data");
  CHECK(verdict("task.log", task).category == "data");
  CHECK_FALSE(verdict("executor-0.stderr", task).classified);
  const std::string again = "26/11/22 02:29:21 INFO TaskSetManager: Starting task 0.1 in stage 0.0 (TID 1)\n";
  CHECK(verdict("", task + again).category == "data");
  const std::string finished = "26/11/22 02:29:22 INFO TaskSetManager: Finished task 0.1 in stage 0.0 (TID 1)\n";
  CHECK_FALSE(verdict("", task + again + finished).classified);
}

TEST_CASE("an exception that the JVM's log lines tear apart is read as a whole one") {
  const std::string torn =
      "Traceback (most recent call last):\n  File \"/srv/etl/rollup.py\", line 6, in <module>\n    rollup()\n"
      "py4j.protocol.Py4JJavaError26/11/22 02:29:20 INFO Master: Start scheduling for app app-1\n"
      "26/11/22 02:29:20 INFO Worker: Asked to launch executor app-1/4\n"
      ": An error occurred while calling o41.collectToPython.\n"
      ": org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 0.0 failed 1 times, most "
      "recent failure: Lost task 0.0 in stage 0.0 (TID 0) (host-7 executor 0): java.lang.OutOfMemoryError: Java heap "
      "space\n\tat com.acme.etl.Rollup.add(Rollup.java:7)\n";
  const std::vector<Log> logs{{"driver.stderr", torn}};
  CHECK(shipped().classify(logs).rule == "ExecutorHeapOutOfMemory");
}

TEST_CASE("what says that the program goes on excuses the traceback below it") {
  const std::string traceback =
      "Traceback (most recent call last):\n  File \"/srv/etl/load.py\", line 7, in run\n    pa.array(column)\n"
      "pyarrow.lib.ArrowTypeError: object of type <class 'str'> cannot be converted to int\n";
  const auto classified = [&](const std::string& before) { return verdict_on_excerpt(before + traceback).classified; };
  CHECK(classified("ERROR load: no Arrow table could be made\n"));
  CHECK_FALSE(classified("load: no Arrow table could be made. Applying automatic fixes for column types\n"));
  CHECK_FALSE(classified("[WARNING] load: rate limit during attempt 1/5. Retrying in 10s.\n"));
}

TEST_CASE("what Argo says of its steps is not that a step went on") {
  const std::string line = "time=\"2026-11-22T02:00:19Z\" level=info msg=\"{}\" namespace=etl workflow=daily-7\n";
  const auto told = [&](const std::string& message) {
    std::string text = line;
    return text.replace(text.find("{}"), 2, message);
  };
  const std::string evicted = told("Pod failed: The node was low on resource: ephemeral-storage.");
  const std::string after = told("node unchanged") + told("TaskSet Reconciliation") + told("Processing workflow") +
                            told("Workflow update successful");
  CHECK(verdict_on_excerpt(evicted + after).category == "resource_limit");
  CHECK_FALSE(verdict_on_excerpt(told("Processing workflow") + after).classified);
}

TEST_CASE("a status document is a report, whatever else it looks like") {
  const std::string status =
      "  \"state\": {\n    \"life_cycle_state\": \"TERMINATED\",\n    \"result_state\": \"CANCELED\"\n  },\n"
      "  \"start_time\": 1796000000000,\n  \"setup_duration\": 0,\n  \"cleanup_duration\": 23000,\n";
  CHECK(verdict_on_excerpt(status).category == "cancelled");
}

TEST_CASE("a log that goes on to its end tells of no failure, one that ends in the failure does") {
  const std::string trouble = "ERROR sync: part 7: Connection refused\n";
  const auto classified = [](const std::string& text) {
    const std::vector<Log> logs{{"task.log", text}};
    return shipped().classify(logs).classified;
  };
  REQUIRE(classified(trouble));
  for (const std::string after : {"sync complete, 41 parts\n", "all 200 blocks written\n", "done, 31 pages\n",
                                  "INFO sync: part 8\nINFO sync: part 9\nINFO sync: part 10\nINFO sync: part 11\n",
                                  "job ended, exit code 0\n", "part 7: ok\n"}) {
    INFO(after);
    CHECK_FALSE(classified(trouble + after));
    CHECK(classified(after + trouble));
  }
  for (const std::string after :
       {"sync not complete\n", "finished with errors\n", "INFO sync: cleaning up\n",
        "INFO sync: pool at rest\nINFO sync: 7 parts left\n", "Done: 0 errors, 1 filesExist\n",
        "Source thread complete.\n", "INFO sync: marked as failed\n", "exit code 1\n"}) {
    INFO(after);
    CHECK(classified(trouble + after));
  }
}

TEST_CASE("the words in a query, a plan, a configuration or a manual tell of no failure") {
  for (const std::string text :
       {"SELECT count(*) FROM log WHERE line LIKE '%No space left on device%';\n",
        "src/Disk.java:19:  throw new IOException(\"No space left on device\");\n",
        "RETRY_ON=ThrottlingException,503\n", "Exits with \"Connection refused\" where nothing listens\n"}) {
    INFO(text);
    const std::vector<Log> logs{{"task.log", text}};
    CHECK_FALSE(shipped().classify(logs).classified);
  }
}

TEST_CASE("recorded failures get their true category and whether a restart helps; innocent runs get no verdict") {
  REQUIRE_TEST_DATA("spark-failures");
  int failures = 0;
  int right = 0;
  for (const Run& run : recorded_runs()) {
    const std::vector<Log> logs = run.logs();
    if (run.category == "none") {
      const Classification verdict = shipped().classify(logs);
      INFO("innocent run " << run.name << ": " << verdict.rule);
      CHECK_FALSE(verdict.classified);
      continue;
    }
    const Attempt attempt = ended_with(run.exit_code);
    const Classification verdict = shipped().classify(logs, &attempt);
    ++failures;
    if (verdict.category == run.category && verdict.restartable == run.restartable) {
      ++right;
    } else {
      std::cerr << "miss: " << run.name << " is " << run.category << ", not " << verdict.category << " by "
                << verdict.rule << '\n';
    }
  }
  CHECK(failures == 98);
  CHECK(right * 100 >= failures * 98);
}

TEST_CASE("the logs of healthy services get no verdict") {
  REQUIRE_TEST_DATA("loghub");
  for (const std::string system : {"Spark", "HDFS", "Zookeeper", "OpenStack", "Linux"}) {
    const std::string text = read_file(test_data("loghub") / system / (system + "_2k.log"));
    for (const char* name : {"", "driver.stderr", "executor-0.stderr", "container-1.log"}) {
      const std::vector<Log> logs{{name, text}};
      const Classification verdict = shipped().classify(logs);
      CAPTURE(system, name, verdict.rule);
      CHECK_FALSE(verdict.classified);
    }
  }
}

namespace {

struct StrangersReport {
  std::string text;
  std::string category;
};

std::vector<StrangersReport> strangers_reports() {
  const std::string document = read_file(test_data("reported-failures") / "failures.jsonl");
  std::vector<StrangersReport> reports;
  for (std::size_t begin = 0; begin < document.size();) {
    const std::size_t end = std::min(document.find('\n', begin), document.size());
    const json::Value report = json::parse(std::string_view(document).substr(begin, end - begin));
    const json::Reader in(report);
    reports.push_back({in.at("text").string(), in.at("category").string()});
    begin = end + 1;
  }
  return reports;
}

std::string category_of(const Classification& verdict) {
  return verdict.classified ? verdict.category : "none";
}

}  // namespace

TEST_CASE("failures that strangers reported get the category their readers gave them") {
  REQUIRE_TEST_DATA("reported-failures");
  const std::vector<StrangersReport> reports = strangers_reports();
  std::size_t right = 0;
  for (const StrangersReport& report : reports) {
    const Classification verdict = verdict_on_excerpt(report.text);
    const std::string given = category_of(verdict);
    if (given == report.category) {
      ++right;
    } else {
      std::cerr << "miss: report " << &report - reports.data() + 1 << " is " << report.category << ", not " << given
                << " by " << verdict.rule << '\n';
    }
  }
  CHECK(right * 100 >= reports.size() * 90);
}

TEST_CASE("a report gets the same category however its lines arrive") {
  REQUIRE_TEST_DATA("reported-failures");
  const std::vector<StrangersReport> reports = strangers_reports();
  for (const std::string before :
       {"2026-11-22T02:31:54.123456789Z stderr F ", "[pod/etl-5d9f/driver] ",
        "Nov 22 02:31:54 node-7 run-etl[4711]: ", "(load_table pid=4711, ip=10.0.0.7) ", "etl-driver-5d9f driver ",
        "etl-driver-1  | ", "2026-11-22T02:31:54Z ", "2026-11-22T02:31:54.123456Z 01E ", "\x1b[31m"}) {
    std::size_t others = 0;
    std::size_t wrapped = 0;
    for (const StrangersReport& report : reports) {
      if (report.text.find('\n') == std::string::npos) continue;  // one line alone is no style
      std::string text = before;
      for (const char c : report.text) {
        text += c;
        if (c == '\n') text += before;
      }
      ++wrapped;
      others += category_of(verdict_on_excerpt(text)) != category_of(verdict_on_excerpt(report.text)) ? 1U : 0U;
    }
    INFO(before << ": " << others << " of " << wrapped);
    CHECK(others * 100 <= wrapped);
  }
}
