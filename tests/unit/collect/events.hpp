#pragma once
#include <fmt/format.h>

#include <string>
#include <vector>

#include "json/value.hpp"

/// Spark events as its JsonProtocol writes them, one a line.
namespace events {

namespace json = jobmedic::json;

inline std::string line(const json::Value& event) {
  return json::write(event) + "\n";
}
inline std::string start_job(int job, const std::vector<int>& stages) {
  return line(json::object({{"Event", "SparkListenerJobStart"},
                            {"Job ID", job},
                            {"Stage IDs", json::Array(stages.begin(), stages.end())},
                            {"Properties", json::object({{"callSite.short", "count at etl.py:12"}})}}));
}
inline std::string end_job(int job, const std::string& failure = "") {
  json::Value result = json::object({{"Result", "JobSucceeded"}});
  if (!failure.empty()) {
    result = json::object(
        {{"Result", "JobFailed"}, {"Exception", json::object({{"Message", failure}, {"Stack Trace", json::Array()}})}});
  }
  return line(json::object({{"Event", "SparkListenerJobEnd"}, {"Job ID", job}, {"Job Result", result}}));
}
inline std::string end_task(int stage, int index, int attempt, const json::Value& reason) {
  return line(json::object({{"Event", "SparkListenerTaskEnd"},
                            {"Stage ID", stage},
                            {"Stage Attempt ID", 0},
                            {"Task End Reason", reason},
                            {"Task Info", json::object({{"Task ID", index * 10 + attempt},
                                                        {"Index", index},
                                                        {"Attempt", attempt},
                                                        {"Executor ID", "1"},
                                                        {"Host", "worker-3"}})}}));
}
inline json::Value success() {
  return json::object({{"Reason", "Success"}});
}
inline json::Value exception(const std::string& text) {
  return json::object({{"Reason", "ExceptionFailure"}, {"Full Stack Trace", text}});
}
inline std::string end_stage(int stage, const std::string& failure = "") {
  json::Object info{{"Stage ID", stage}, {"Stage Attempt ID", 0}};
  if (!failure.empty()) info.emplace_back("Failure Reason", failure);
  return line(json::object({{"Event", "SparkListenerStageCompleted"}, {"Stage Info", std::move(info)}}));
}
inline std::string start_query(int id) {
  return line(json::object(
      {{"Event", "org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart"}, {"executionId", id}}));
}
inline std::string end_query(int id, const json::Value& error) {
  return line(json::object({{"Event", "org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd"},
                            {"executionId", id},
                            {"errorMessage", error}}));
}

/// A job whose task 3 failed four times, in the end for want of heap, while task 1 was lost once and succeeded then.
inline std::string heap_failure() {
  const std::string heap = "java.lang.OutOfMemoryError: Java heap space\n\tat java.util.Arrays.copyOf(Arrays.java:1)";
  std::string log = start_job(7, {8, 9}) + end_stage(8) +
                    end_task(9, 1, 0,
                             json::object({{"Reason", "ExecutorLostFailure"},
                                           {"Executor ID", "4"},
                                           {"Exit Caused By App", false},
                                           {"Loss Reason", "Container preempted by scheduler"}})) +
                    end_task(9, 1, 1, success());
  log += end_task(9, 3, 0, exception("java.io.IOException: Connection reset by peer"));
  for (int attempt = 1; attempt < 4; ++attempt) log += end_task(9, 3, attempt, exception(heap));
  const std::string reason =
      "Job aborted due to stage failure: Task 3 in stage 9.0 failed 4 times, most recent failure: Lost task 3.3 in "
      "stage 9.0 (TID 33) (worker-3 executor 1): " +
      heap;
  return log + end_stage(9, reason) + end_job(7, reason);
}

}  // namespace events
