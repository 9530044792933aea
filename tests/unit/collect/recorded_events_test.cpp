// Real event logs against what another project's reader found in them (spark-event-logs/*_expectation.csv).
#include <catch2/catch.hpp>

#include "collect/byte_stream.hpp"
#include "collect/decompress.hpp"
#include "collect/event_failures.hpp"
#include "collect/event_log.hpp"
#include "core/file.hpp"
#include "jobmedic/collect.hpp"
#include "json/value.hpp"
#include "test_data.hpp"

using namespace jobmedic;
using namespace jobmedic::collect;

namespace {

constexpr const char* failing = "tasks_executors_fail_compressed_eventlog.zstd";

template <typename Visit>
void read_log(const std::string& name, const Visit& visit) {
  std::string buffer(1 << 18, '\0');
  const auto stream = decompressed(open_file(test_data("spark-event-logs/" + name)));
  while (const std::size_t count = stream->read(buffer)) visit(std::string_view(buffer).substr(0, count));
}

EventLog events_of(const std::string& name) {
  EventLog log;
  read_log(name, [&](std::string_view piece) { log.feed(piece); });
  log.end();
  return log;
}

// The quoted cells of a column, with "\n" and "\t" as the file spells them.
std::vector<std::vector<std::string>> table(const std::string& name) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (const char c : read_file(test_data("spark-event-logs/" + name))) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      rows.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      rows.emplace_back(1);
    } else {
      rows.back().back() += c;
    }
  }
  rows.pop_back();
  rows.erase(rows.begin());
  return rows;
}

std::string spelled(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : std::string(1, c);
  return out;
}

}  // namespace

TEST_CASE("as many tasks, stages and jobs failed as the other reader found") {
  REQUIRE_TEST_DATA("spark-event-logs");
  const EventLog log = events_of(failing);
  CHECK(log.failures().counts().failed_tasks == table("tasks_failure_eventlog_expectation.csv").size());
  CHECK(log.failures().counts().failed_stages == table("stages_failure_eventlog_expectation.csv").size());
  CHECK(log.failures().counts().failed_jobs == table("jobs_failure_eventlog_expectation.csv").size());
  CHECK(log.problem().empty());
}

TEST_CASE("each failed task's reason is worded as the other reader has it") {
  REQUIRE_TEST_DATA("spark-event-logs");
  std::map<std::int64_t, std::string> reasons;
  Lines lines(8 << 20);
  read_log(failing, [&](std::string_view piece) {
    lines.feed(piece, [&](std::string_view line, std::uint64_t) {
      if (!line.starts_with("{\"Event\":\"SparkListenerTaskEnd\"")) return;
      const json::Value event = json::parse(line);
      reasons[*event.find("Task Info")->find("Task ID")->as<std::int64_t>()] =
          task_failure_text(*event.find("Task End Reason"));
    });
  });
  const auto rows = table("tasks_failure_eventlog_expectation.csv");
  REQUIRE(rows.size() == 3);
  for (const auto& row : rows) CHECK(spelled(reasons.at(std::stoll(row[2]))) == row[4]);
}

TEST_CASE("only the failed job is told; the tasks and the stage that Spark was about to run again are not") {
  REQUIRE_TEST_DATA("spark-event-logs");
  const std::string log = events_of(failing).failure_log();
  CHECK_THAT(log, Catch::Contains("Job 79 cancelled because SparkContext was shut down"));
  CHECK_THAT(log, !Catch::Contains("FetchFailed") && !Catch::Contains("Executor Process Lost"));
}

TEST_CASE("event logs of runs that went well tell no failure and much about the run") {
  REQUIRE_TEST_DATA("spark-event-logs");
  for (const std::string name : {"dataset_eventlog", "eventlog_minimal_events", "eventlog_dsv1.zstd",
                                 "rapids_join_eventlog.zstd", "spark2-eventlog.zstd"}) {
    INFO(name);
    const EventLog log = events_of(name);
    CHECK(log.failure_log().empty());
    CHECK(log.problem().empty());
    CHECK(log.facts().metrics.at("tasks") > 0);
    CHECK(log.facts().metrics.at("executor_run_s") > 0);
    CHECK_FALSE(log.facts().started_at.empty());
    CHECK(log.facts().duration_s > 0);
    CHECK(log.facts().config.contains("spark.master"));
    CHECK_FALSE(log.facts().config.contains("spark.app.id"));
  }
}

TEST_CASE("the most tasks that an executor of a real run had at once are told, never more than it had cores") {
  REQUIRE_TEST_DATA("spark-event-logs");
  const auto tasks = [](const char* name) { return events_of(name).facts().metrics.at("peak_executor_tasks"); };
  CHECK(tasks("rapids_join_eventlog.zstd") == 12);  // of 12 cores; by Spark's finish times it would be 15
  CHECK(tasks("malformed_json_eventlog.zstd") == 4);
  CHECK(tasks("spark2-eventlog.zstd") == 1);  // of 8 cores
  CHECK(tasks(failing) == 3);                 // of 4 cores
}

TEST_CASE("a real log with a malformed line is read all the same, and the line is named") {
  REQUIRE_TEST_DATA("spark-event-logs");
  const EventLog log = events_of("malformed_json_eventlog.zstd");
  CHECK_THAT(log.problem(), Catch::Contains(" lines are no events (first: line "));
  CHECK(log.facts().metrics.at("tasks") == 217);
}
