#include "collect/event_metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "collect/event_value.hpp"
#include "core/time.hpp"

namespace jobmedic::collect {
namespace {

// A member of a task's "Task Metrics" summed up; `scale` to bytes or seconds.
struct Sum {
  const char* name;
  const char* group;  // "": at the top
  const char* member;
  double scale;
};
constexpr std::array sums{Sum{"input_bytes", "Input Metrics", "Bytes Read", 1},
                          Sum{"output_bytes", "Output Metrics", "Bytes Written", 1},
                          Sum{"shuffle_read_bytes", "Shuffle Read Metrics", "Remote Bytes Read", 1},
                          Sum{"shuffle_read_bytes", "Shuffle Read Metrics", "Local Bytes Read", 1},
                          Sum{"shuffle_write_bytes", "Shuffle Write Metrics", "Shuffle Bytes Written", 1},
                          Sum{"memory_spilled_bytes", "", "Memory Bytes Spilled", 1},
                          Sum{"disk_spilled_bytes", "", "Disk Bytes Spilled", 1},
                          Sum{"executor_run_s", "", "Executor Run Time", 1e-3},
                          Sum{"executor_cpu_s", "", "Executor CPU Time", 1e-9},
                          Sum{"gc_s", "", "JVM GC Time", 1e-3}};

// Executor metrics whose peaks are kept: the sum of some members at one moment.
struct Peak {
  const char* name;
  std::array<const char*, 3> members;
};
constexpr std::array peaks_kept{
    Peak{"peak_jvm_heap_bytes", {"JVMHeapMemory", nullptr, nullptr}},
    Peak{"peak_jvm_off_heap_bytes", {"JVMOffHeapMemory", nullptr, nullptr}},
    Peak{"peak_execution_memory_bytes", {"OnHeapExecutionMemory", "OffHeapExecutionMemory", nullptr}},
    Peak{"peak_storage_memory_bytes", {"OnHeapStorageMemory", "OffHeapStorageMemory", nullptr}},
    Peak{"peak_executor_rss_bytes",
         {"ProcessTreeJVMRSSMemory", "ProcessTreePythonRSSMemory", "ProcessTreeOtherRSSMemory"}}};

void raise(std::map<std::string, double>& metrics, const char* name, double value) {
  if (value <= 0) return;
  double& known = metrics[name];
  known = std::max(known, value);
}

// Set by Spark while it runs; a retry must not be submitted with them.
bool set_at_run_time(std::string_view name) {
  constexpr std::array names{"spark.driver.host",
                             "spark.driver.port",
                             "spark.driver.appUIAddress",
                             "spark.executor.id",
                             "spark.app.id",
                             "spark.app.startTime",
                             "spark.app.submitTime",
                             "spark.app.attempt.id",
                             "spark.app.initial",
                             "spark.repl.class.",
                             "spark.ui.proxyBase",
                             "spark.yarn.app.",
                             "spark.org.apache.hadoop.",
                             "spark.kubernetes.driver.pod.name",
                             "spark.kubernetes.submitInDriver"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view prefix) { return name.starts_with(prefix); });
}

TimePoint time_of(double milliseconds) {
  return TimePoint(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
}

}  // namespace

void EventMetrics::event(std::string_view kind, const json::Value& event) {
  if (kind == "SparkListenerTaskEnd") {
    task_ended(event);
  } else if (kind == "SparkListenerStageExecutorMetrics") {
    if (const json::Value* peaks = event.find("Executor Metrics")) {
      add_peaks(*peaks, text(event, {"Executor ID"}) == "driver");
    }
  } else if (kind == "SparkListenerEnvironmentUpdate") {
    environment(event);
  } else if (kind == "SparkListenerApplicationStart") {
    began_ms_ = amount(event, {"Timestamp"});
  } else if (kind == "SparkListenerApplicationEnd") {
    ended_ms_ = amount(event, {"Timestamp"});
  }
}

// Spark writes the finish down when it has seen the result, when the next task may long be running in its place; what
// the executor itself measured says when that became free.
void EventMetrics::task_ran(const json::Value& event) {
  const double launched = amount(event, {"Task Info", "Launch Time"});
  double ended = amount(event, {"Task Info", "Finish Time"});
  double held = 0;
  for (const char* part : {"Executor Deserialize Time", "Executor Run Time", "Result Serialization Time"}) {
    held += amount(event, {"Task Metrics", part});
  }
  if (held > 0) ended = std::min(ended, launched + held);
  concurrency_.add(text(event, {"Task Info", "Executor ID"}), launched, ended);
}

void EventMetrics::task_ended(const json::Value& event) {
  metrics_["tasks"] += 1;
  task_ran(event);
  if (const json::Value* metrics = event.find("Task Metrics")) {
    for (const Sum& sum : sums) {
      const std::string_view group = sum.group;
      const double value = group.empty() ? amount(*metrics, {sum.member}) : amount(*metrics, {group, sum.member});
      metrics_[sum.name] += value * sum.scale;
    }
    raise(metrics_, "peak_task_memory_bytes", amount(*metrics, {"Peak Execution Memory"}));
  }
  // In local mode the driver runs the tasks.
  if (const json::Value* peaks = event.find("Task Executor Metrics")) add_peaks(*peaks, false);
}

void EventMetrics::add_peaks(const json::Value& peaks, bool driver) {
  if (driver) {
    raise(metrics_, "peak_driver_jvm_heap_bytes", amount(peaks, {"JVMHeapMemory"}));
    raise(metrics_, "driver_gc_s", amount(peaks, {"TotalGCTime"}) / 1000);
    return;
  }
  for (const Peak& peak : peaks_kept) {
    double value = 0;
    for (const char* name : peak.members) value += name == nullptr ? 0 : amount(peaks, {name});
    raise(metrics_, peak.name, value);
  }
}

void EventMetrics::environment(const json::Value& event) {
  const json::Value* properties = event.find("Spark Properties");
  const auto add = [&](std::string_view name, const json::Value& value) {
    const auto* words = value.as<std::string>();
    if (words == nullptr || !name.starts_with("spark.") || set_at_run_time(name)) return;
    if (words->find("(redacted)") != std::string::npos) return;  // no secret, and no setting either
    config_.insert_or_assign(std::string(name), *words);
  };
  if (properties == nullptr) return;
  if (const auto* members = properties->as<json::Object>()) {
    for (const auto& [name, value] : *members) add(name, value);
  }
}

RunFacts EventMetrics::facts() const {
  RunFacts facts{metrics_, config_, "", 0};
  if (const double tasks = concurrency_.peak(); tasks > 0) facts.metrics["peak_executor_tasks"] = tasks;
  constexpr double year_9999_ms = 253'370'764'800'000;
  if (began_ms_ > 0 && began_ms_ < year_9999_ms) facts.started_at = format_time(time_of(std::floor(began_ms_)));
  if (began_ms_ > 0 && ended_ms_ > began_ms_) facts.duration_s = (ended_ms_ - began_ms_) / 1000;
  return facts;
}

}  // namespace jobmedic::collect
