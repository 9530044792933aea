// What brings a log here and what it wraps the lines of processes in is no part of them, nor are a terminal's colours.
#include "classify/wrapped_lines.hpp"

#include <catch2/catch.hpp>

#include "classify_helpers.hpp"

using namespace jobmedic;
using classify::Wrapper;
using classify::wrapper_of;
using classify::wrapper_size;

namespace {

const std::string wrapper = "[2024-03-01, 02:12:57 UTC] {spark_submit.py:485} INFO - ";
const std::string header = "[2024-03-01, 02:10:05 UTC] {taskinstance.py:1157} INFO - Starting attempt 1 of 2\n";

// The verdict, and the same whatever the size of the pieces in which the log arrives.
Classification verdict_on(const Classifier& classifier, const std::string& log) {
  const Classification whole = classify_one(classifier, log);
  for (const std::size_t size : {1U, 7U, 100U, 1023U, 1024U, 4096U}) {
    Scan scan = classifier.scan();
    for (std::size_t at = 0; at < log.size(); at += size)
      scan.feed("driver.stderr", std::string_view(log).substr(at, size));
    CHECK(scan.result().to_json() == whole.to_json());
  }
  return whole;
}

}  // namespace

TEST_CASE("a wrapper ends where the line of the process begins") {
  const std::string time = "[2024-03-01T02:12:57.123+0000] ";
  for (const std::string& before :
       {wrapper, time + "{subprocess.py:93} INFO - ", time + "{pod_manager.py:435} INFO - [base] "}) {
    CHECK(wrapper_size(Wrapper::airflow, before + "disk full\n") == before.size());
  }
  CHECK(wrapper_size(Wrapper::airflow, time + "{pod_manager.py:435} INFO - [Stage 1:> (0 + 1) / 2]") ==
        time.size() + 28);
  for (const std::string line : {"[2024-03-01, 02:12:57 UTC] {taskinstance.py:1824} INFO - disk full",
                                 "[2024-03-01, 02:12:57 UTC] {subprocess.py:93} ERROR - disk full",
                                 "[2024-03-01, 02:12:57 UTC] {subprocess.py:93} INFO", "[2024", "", "disk full"}) {
    CHECK(wrapper_size(Wrapper::airflow, line) == 0);
  }
}

TEST_CASE("the name of a container that Compose puts before each line is no part of it") {
  for (const std::string before : {"spark-master_1  | ", "etl-load-1 | ", "pipeline | "}) {
    CHECK(wrapper_size(Wrapper::compose, before + "disk full\n") == before.size());
  }
  CHECK(wrapper_size(Wrapper::compose, "etl-load-1 |\n") == 12);
  for (const std::string line : {"disk full", "| disk full", "Load | full", "02:12:57 | INFO | full", "a b | c", ""}) {
    CHECK(wrapper_size(Wrapper::compose, line) == 0);
  }
}

TEST_CASE("a log is Compose's where all lines of its head are, and tables are none") {
  CHECK(wrapper_of("load_1  | a\nload_1  | b\n") == Wrapper::compose);
  CHECK(wrapper_of("Attaching to load_1\nload_1  | a\nload_1  | b\nloa") == Wrapper::compose);
  CHECK(wrapper_of("load_1  | a\n") == Wrapper::none);
  CHECK(wrapper_of("id | name\n---+-----\n7 | ana\n8 | bea\n") == Wrapper::none);
  CHECK(wrapper_of("load_1  | a\nb\nc\nload_1  | d\n") == Wrapper::none);
  const Classifier rules = uncached(rules_of({{"Disk", "^disk full"}}));
  std::string log = "Attaching to load_1\n";
  for (int i = 0; i < 500; ++i) log += "load_1  | fine " + std::to_string(i) + "\n";
  log += "load_1  | disk full\n";
  const Classification verdict = verdict_on(rules, log);
  REQUIRE(verdict.classified);
  CHECK(verdict.evidence->line == 502);
  CHECK(verdict.evidence->offset == log.find("disk full"));
}

TEST_CASE("what services, runners and command lines put before each line is no part of it") {
  const std::vector<std::pair<Wrapper, std::string>> styles{
      {Wrapper::container_runtime, "2026-11-22T02:31:54.123456789Z stderr F "},
      {Wrapper::container_runtime, "2026-11-22T02:31:54.1234567+01:00 stdout P "},
      {Wrapper::kubectl, "[pod/etl-driver-5d9f/spark-driver] "},
      {Wrapper::syslog, "Nov 22 02:31:54 node-7 run-etl[4711]: "},
      {Wrapper::syslog, "Nov  2 02:31:54 node-7 run-etl[4711]: "},
      {Wrapper::syslog, "2026-11-22T02:31:54+00:00 node-7 run-etl[4711]: "},
      {Wrapper::ray, "(load_table pid=4711) "},
      {Wrapper::ray, "(load_table pid=4711, ip=10.0.0.7) "},
      {Wrapper::ray, "(raylet, ip=10.0.0.7) "},
      {Wrapper::ranks, "[rank0]: "},
      {Wrapper::ranks, "[1,0]<stderr>:"},
      {Wrapper::tasks, "12: "},
      {Wrapper::stern, "etl-driver-5d9f spark-driver "},
      {Wrapper::stern, "nightly-x7k2p: "},
      {Wrapper::gitlab, "2026-11-22T02:31:54.123456Z 01E "},
      {Wrapper::gitlab, "2026-11-22T02:31:54.123456Z 00O+"},
      {Wrapper::timestamps, "2026-11-22T02:31:54.1234567Z "},
      {Wrapper::timestamps, "2026-11-22T02:31:54.123000+00:00 jobs/nightly/4f2a "},
  };
  const Classifier rules = uncached(rules_of({{"Disk", "^disk full$"}}));
  for (const auto& [wrapper, before] : styles) {
    INFO(before);
    CHECK(wrapper_size(wrapper, before + "disk full\n") == before.size());
    std::string log;
    for (int i = 0; i < 300; ++i) log += before + "fine " + std::to_string(i) + "\r\n";
    log += before + "disk full\r\n";
    CHECK(wrapper_of(log.substr(0, classify::head_size)) == wrapper);
    const Classification verdict = verdict_on(rules, log);
    REQUIRE(verdict.classified);
    CHECK(verdict.evidence->line == 301);
    CHECK(verdict.evidence->offset == log.find("disk full"));
    CHECK(verdict.evidence->text == "disk full");
  }
}

TEST_CASE("a program's own times, levels and names stay") {
  for (const std::string line :
       {"2026-11-22 02:31:54 disk full", "2026-11-22T02:31:54.123 disk full", "2026-11-22T02:31:54Z\tINFO\tdisk full",
        "26/11/22 02:31:54 INFO disk full", "[2026-11-22T02:31:54Z] disk full", "[rank0] disk full", "Nov 22 2026 disk",
        "ERROR: disk full", "spark-submit: disk full", "(load_table) disk full", "Nov 22 02:31:54 disk full",
        "12 : a"}) {
    INFO(line);
    CHECK(wrapper_of(line + "\n" + line + "\n" + line + "\n") == Wrapper::none);
  }
  // A system's log is many processes', and some lines among others are no sign.
  CHECK(wrapper_of("Nov 22 02:31:54 node-7 sshd[47]: a\nNov 22 02:31:54 node-7 sshd[48]: b\n") == Wrapper::none);
  CHECK(wrapper_of("disk\n2026-11-22T02:31:54Z full\ndisk\n2026-11-22T02:31:54Z full\ndisk\n") == Wrapper::none);
}

TEST_CASE("a terminal's colours are no part of a line, and what only begins like one is") {
  const Classifier rules = uncached(rules_of({{"Disk", "^(?<what>disk full)$"}, {"Odd", "o.{1,40}dd"}}));
  const std::string before = "fine\n\x1b[31;1m";
  const Classification verdict = verdict_on(rules, before + "disk\x1b[0m full\x1b[K\r\n\x1b[");
  REQUIRE(verdict.rule == "Disk");
  CHECK(verdict.evidence->text == "disk full");
  CHECK(verdict.evidence->offset == before.size());
  CHECK(verdict.evidence->line == 2);
  for (const std::string odd :
       {"\x1b", "\x1b]", "\x1b[3\x1b", "\x1b[1\x01", "\x1b[11111111111111111111111111111111m"}) {
    CHECK(verdict_on(rules, "o" + odd + "dd\n").rule == "Odd");
  }
  CHECK(verdict_on(rules, "disk full\no\x1b[3").rule == "Disk");
  CHECK(verdict_on(uncached(rules_of({{"Odd", "\\x1b\\[3$"}})), "o\x1b[3").rule == "Odd");
}

TEST_CASE("only a log in whose first bytes Airflow speaks is unwrapped") {
  CHECK(wrapper_of(header) == Wrapper::airflow);
  CHECK(wrapper_of("*** Found local files:\n" + header) == Wrapper::airflow);
  CHECK(wrapper_of("26/11/22 INFO " + header) == Wrapper::none);
  const Classifier rules = uncached(rules_of({{"Disk", "^disk full"}}));
  CHECK(classify_one(rules, header + wrapper + "disk full\n").classified);
  CHECK(classify_one(rules, header + std::string(5000, 'x') + "\n" + wrapper + "disk full\n").classified);
  CHECK_FALSE(classify_one(rules, std::string(5000, 'x') + "\n" + wrapper + "disk full\n").classified);
}

TEST_CASE("evidence names the line and the bytes as they stand in the wrapped log") {
  const Classifier rules = uncached(rules_of({{"Disk", "^disk \\w+\\n at \\w+"}}, 2));
  std::string log = header + "a line of its own\r\n";
  for (int i = 0; i < 9000; ++i) log += wrapper + "fine " + std::to_string(i) + (i % 3 == 0 ? "\r\n" : "\n");
  log += wrapper + "disk full\r\n" + wrapper + " at writer\n";
  const Classification verdict = verdict_on(rules, log);
  REQUIRE(verdict.classified);
  CHECK(verdict.evidence->line == 9003);
  CHECK(verdict.evidence->offset == log.find("disk full"));
  CHECK(verdict.evidence->text == "disk full\n at writer");
}

TEST_CASE("the stack that a wrapped driver printed is read as the driver's own") {
  const Classifier shipped = uncached(RuleSet::shipped());
  std::string log = header;
  for (const char* line : {"Traceback (most recent call last):", "File \"/opt/jobs/load.py\", line 77, in <module>",
                           "py4j.protocol.Py4JJavaError: An error occurred while calling o121.parquet.",
                           ": java.nio.file.AccessDeniedException: s3a://gold/load: getFileStatus on s3a://gold/load: "
                           "software.amazon.awssdk.services.s3.model.S3Exception: null (Service: S3, Status Code: 403)",
                           "at org.apache.hadoop.fs.s3a.S3AUtils.translateException(S3AUtils.java:265)",
                           "24/03/01 02:31:56 INFO SparkContext: Invoking stop() from shutdown hook"}) {
    log += wrapper + line + "\n";
  }
  log +=
      "[2024-03-01, 02:15:09 UTC] {taskinstance.py:1824} ERROR - Task failed with exception\n"
      "Traceback (most recent call last):\n  File \"spark_submit.py\", line 419, in submit\n"
      "airflow.exceptions.AirflowException: Cannot execute: spark-submit /opt/jobs/load.py. Error code is: 1.\n";
  const Classification verdict = verdict_on(shipped, log);
  CHECK(verdict.rule == "S3AccessDenied");
  CHECK(verdict.evidence->line == 5);
}
