#include "collect/event_log.hpp"

#include <catch2/catch.hpp>

#include "events.hpp"

using namespace jobmedic;
using namespace jobmedic::collect;
using namespace events;

namespace {

EventLog read(std::string_view text, std::size_t piece = std::string_view::npos) {
  EventLog log;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) log.feed(text.substr(0, piece));
  log.end();
  return log;
}

}  // namespace

TEST_CASE("an event log is known by its first event, and other JSON lines are not taken for one") {
  for (const char* head : {R"({"Event":"SparkListenerLogStart","Spark)", R"({"Event": "SparkListenerLogStart"})",
                           R"({"Event":"org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd")"}) {
    CHECK(begins_event_log(head));
  }
  for (const char* head :
       {"", "{", R"({"Event":")", R"({"Event":"UserLoggedIn"})", R"({"event":"SparkListenerJobEnd"})"}) {
    CHECK_FALSE(begins_event_log(head));
  }
}

TEST_CASE("a failed job is told as the driver would: its exception, its stage, the tries of the task that failed it") {
  const std::string log = read(heap_failure()).failure_log();
  CHECK_THAT(log,
             Catch::StartsWith("Exception in thread \"main\" org.apache.spark.SparkException: Job aborted due to stage "
                               "failure: Task 3 in stage 9.0 failed 4 times, most recent failure: Lost task 3.3"));
  CHECK_THAT(log, Catch::Contains("\nLost task 3.0 in stage 9.0 (TID 30) (worker-3 executor 1): java.io.IOException"));
  CHECK_THAT(log, !Catch::Contains("Lost task 3.1"));  // failed as the last one did
}

TEST_CASE("a task that succeeded in the end is not told, though its job failed") {
  CHECK_THAT(read(heap_failure()).failure_log(), !Catch::Contains("preempted"));
}

TEST_CASE("what Spark recovered from is no failure: lost tasks, a stage tried again") {
  const std::string log = start_job(1, {2}) +
                          end_task(2, 0, 0, exception("java.lang.OutOfMemoryError: Java heap space")) +
                          end_stage(2, "FetchFailed: org.apache.spark.shuffle.MetadataFetchFailedException") +
                          end_task(2, 0, 1, success()) + end_stage(2) + end_job(1);
  CHECK(read(log).failure_log().empty());
  CHECK(read(log).failures().counts().failed_tasks == 1);
  CHECK(read(log).failures().counts().failed_stages == 1);
}

TEST_CASE("a failure that the application caught and survived is a note, not a failure") {
  const EventLog log = read(heap_failure() + start_job(8, {10}) + end_stage(10) + end_job(8));
  CHECK(log.failure_log().empty());
  REQUIRE(log.notes().size() == 1);
  CHECK_THAT(log.notes()[0], Catch::StartsWith("job 7 (count at etl.py:12) failed and the application went on: "));
}

TEST_CASE("a job that ran beside the failed one and succeeded later does not excuse it") {
  CHECK_FALSE(read(start_job(8, {10}) + heap_failure() + end_job(8)).failure_log().empty());
}

TEST_CASE("an SQL execution that failed before any job is told; Spark before 3.4 does not say, and neither is read") {
  CHECK(read(start_query(3) + end_query(3, "[TABLE_OR_VIEW_NOT_FOUND] no such view")).failure_log() ==
        "Exception in thread \"main\" org.apache.spark.SparkException: [TABLE_OR_VIEW_NOT_FOUND] no such view\n");
  CHECK(read(start_query(3) + end_query(3, nullptr)).failure_log().empty());
  CHECK(read(start_query(3) + end_query(3, "oh") + start_query(4) + end_query(4, "")).failure_log().empty());
  CHECK_FALSE(read(start_query(3) + end_query(3, "oh") + start_query(4) + end_query(4, nullptr)).failure_log().empty());
}

TEST_CASE("of a job that was cancelled only that is told: its tasks' troubles did not end it") {
  const std::string log = start_job(1, {2}) +
                          end_task(2, 0, 0, exception("java.io.IOException: No space left on device")) +
                          end_stage(2, "Task 0 in stage 2.0 failed: No space left on device") +
                          end_job(1, "Job 1 cancelled because SparkContext was shut down");
  CHECK(read(log).failure_log() ==
        "Exception in thread \"main\" org.apache.spark.SparkException: Job 1 cancelled because SparkContext was shut "
        "down\n");
}

TEST_CASE("pieces of any size give the same log, facts and problems") {
  const std::string text = heap_failure() + "{\"Event\":\"SparkListenerTaskEnd\", broken\n" + end_job(5, "half");
  const EventLog whole = read(text);
  for (const std::size_t piece : {1U, 2U, 17U, 4096U}) {
    CHECK(read(text, piece).failure_log() == whole.failure_log());
    CHECK(read(text, piece).problem() == whole.problem());
    CHECK(read(text, piece).facts().metrics == whole.facts().metrics);
  }
  CHECK_THAT(whole.problem(), Catch::StartsWith("1 of 12 lines are no events (first: line 11: byte"));
}

TEST_CASE("a line longer than 8 MiB is skipped and counted, and the rest is read") {
  const std::string log = "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":\"" + std::string(9 << 20, 'x') + "\"}\n";
  const EventLog read_log = read(log + heap_failure(), 1 << 16);
  CHECK(read_log.problem() == "1 lines are longer than 8 MiB");
  CHECK_FALSE(read_log.failure_log().empty());
}

TEST_CASE("sums over tasks, peaks over executors, the configuration and the times are the run's facts") {
  const auto task = [](double input, double gc) {
    return line(
        json::object({{"Event", "SparkListenerTaskEnd"},
                      {"Task End Reason", success()},
                      {"Task Executor Metrics",
                       json::object({{"JVMHeapMemory", 700}, {"OnHeapStorageMemory", 5}, {"OffHeapStorageMemory", 6}})},
                      {"Task Metrics", json::object({{"Executor CPU Time", 2'500'000'000},
                                                     {"JVM GC Time", gc},
                                                     {"Disk Bytes Spilled", 11},
                                                     {"Peak Execution Memory", 64},
                                                     {"Input Metrics", json::object({{"Bytes Read", input}})}})}}));
  };
  const RunFacts facts =
      read(line(json::object({{"Event", "SparkListenerApplicationStart"}, {"Timestamp", 1763694720500}})) +
           line(json::object({{"Event", "SparkListenerEnvironmentUpdate"},
                              {"Spark Properties", json::object({{"spark.executor.memory", "2g"},
                                                                 {"spark.app.id", "app-1"},
                                                                 {"spark.driver.port", "4041"},
                                                                 {"spark.hadoop.fs.s3a.secret.key", "*(redacted)"},
                                                                 {"user.home", "/root"}})}})) +
           task(100, 1500) + task(200, 500) +
           line(json::object({{"Event", "SparkListenerStageExecutorMetrics"},
                              {"Executor ID", "2"},
                              {"Executor Metrics", json::object({{"JVMHeapMemory", 900}})}})) +
           line(json::object({{"Event", "SparkListenerApplicationEnd"}, {"Timestamp", 1763694732500}})))
          .facts();
  const std::map<std::string, double> expected{{"tasks", 2},
                                               {"input_bytes", 300},
                                               {"executor_cpu_s", 5},
                                               {"gc_s", 2},
                                               {"disk_spilled_bytes", 22},
                                               {"peak_task_memory_bytes", 64},
                                               {"peak_jvm_heap_bytes", 900},
                                               {"peak_storage_memory_bytes", 11}};
  for (const auto& [name, value] : expected)
    CHECK(std::make_pair(name, facts.metrics.at(name)) == std::make_pair(name, value));
  CHECK(facts.config == std::map<std::string, std::string>{{"spark.executor.memory", "2g"}});
  CHECK(facts.started_at == "2025-11-21T03:12:00.500Z");
  CHECK(facts.duration_s == 12);
}

TEST_CASE("a log without end keeps its memory: only the newest failures of the running jobs are held") {
  EventLog log;
  const std::string text(10'000, 'x');
  for (int i = 0; i < 20'000; ++i) log.feed(start_job(i, {i}) + end_task(i, i, 0, exception(text)));
  log.feed(end_stage(19'999, "Task 19999 in stage 19999.0 failed 4 times") +
           end_job(19'999, "Job aborted due to stage failure"));
  CHECK_THAT(log.failure_log(), Catch::Contains("Lost task 19999.0"));
}
