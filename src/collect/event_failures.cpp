#include "collect/event_failures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "collect/event_value.hpp"
#include "core/text.hpp"

namespace jobmedic::collect {
namespace {

// Bounds on what is kept, so that a log without end fits into memory.
constexpr std::size_t longest_text = std::size_t{16} << 10U;
constexpr std::size_t most_running = 10'000;
constexpr std::size_t most_failing_stages = 64;
constexpr std::size_t most_failing_tasks = 128;
constexpr std::size_t most_tries = 8;
constexpr std::size_t most_failures = 16;

template <typename Map>
void make_room(Map& map, std::size_t most) {
  while (map.size() >= most) map.erase(map.begin());  // the lowest number is the oldest
}

std::string capped(std::string_view words) {
  return valid_utf8(words, longest_text);
}

// As the driver prints what nobody caught, which is what tells rules that the job itself failed. The event log keeps an
// exception's class only within some messages.
std::string uncaught(std::string_view message) {
  const bool nameless = message.starts_with("Job ") || message.starts_with('[');
  return fmt::format("Exception in thread \"main\" {}{}\n", nameless ? "org.apache.spark.SparkException: " : "",
                     capped(message));
}

std::string first_line(std::string_view words) {
  return one_line(words.substr(0, std::min<std::size_t>(words.find('\n'), 200)));
}

std::string frames(const json::Value* trace) {
  std::string lines;
  const auto* array = trace == nullptr ? nullptr : trace->as<json::Array>();
  if (array == nullptr) return lines;
  for (const json::Value& frame : *array) {
    lines += fmt::format("\tat {}.{}({}:{})\n", text(frame, {"Declaring Class"}), text(frame, {"Method Name"}),
                         text(frame, {"File Name"}), integer(frame, {"Line Number"}));
    if (lines.size() > longest_text) break;
  }
  return lines;
}

std::string exception_text(const json::Value& reason) {
  std::string_view full = text(reason, {"Full Stack Trace"});
  if (!full.empty()) return std::string(full);
  return fmt::format("{}: {}\n{}", text(reason, {"Class Name"}), text(reason, {"Description"}),
                     frames(reason.find("Stack Trace")));
}

std::string fetch_failure_text(const json::Value& reason) {
  const json::Value* address = reason.find("Block Manager Address");
  const std::string from = address == nullptr || address->is_null()
                               ? "null"
                               : fmt::format("BlockManagerId({}, {}, {}, None)", text(*address, {"Executor ID"}),
                                             text(*address, {"Host"}), integer(*address, {"Port"}));
  return fmt::format("FetchFailed({}, shuffleId={}, mapIndex={}, mapId={}, reduceId={}, message=\n{}\n)", from,
                     integer(reason, {"Shuffle ID"}), integer(reason, {"Map Index"}), integer(reason, {"Map ID"}),
                     integer(reason, {"Reduce ID"}), text(reason, {"Message"}));
}

std::string lost_executor_text(const json::Value& reason) {
  const json::Value* by_app = reason.find("Exit Caused By App");
  const auto* caused = by_app == nullptr ? nullptr : by_app->as<bool>();
  const std::string_view loss = text(reason, {"Loss Reason"});
  return fmt::format(
      "ExecutorLostFailure (executor {} exited {}){}{}", text(reason, {"Executor ID"}),
      caused == nullptr || *caused ? "caused by one of the running tasks" : "unrelated to the running tasks",
      loss.empty() ? "" : " Reason: ", loss);
}

// "Task 3 in stage 7.0 failed 4 times, most recent failure: ...": the task that failed the stage.
std::optional<std::int64_t> task_blamed(std::string_view reason) {
  const std::size_t at = reason.find("Task ");
  if (at == std::string_view::npos) return std::nullopt;
  std::int64_t index = 0;
  const char* begin = reason.data() + at + 5;
  const auto [end, code] = std::from_chars(begin, reason.data() + reason.size(), index);
  const std::string_view rest(end, static_cast<std::size_t>(reason.data() + reason.size() - end));
  if (code != std::errc() || !rest.starts_with(" in stage")) return std::nullopt;
  return index;
}

}  // namespace

std::string task_failure_text(const json::Value& reason) {
  const std::string_view kind = text(reason, {"Reason"});
  if (kind == "ExceptionFailure") return exception_text(reason);
  if (kind == "FetchFailed") return fetch_failure_text(reason);
  if (kind == "ExecutorLostFailure") return lost_executor_text(reason);
  if (kind == "TaskResultLost") return "TaskResultLost (result lost from block manager)";
  if (kind == "TaskCommitDenied") {
    return fmt::format("TaskCommitDenied (Driver denied task commit) for job: {}, partition: {}, attemptNumber: {}",
                       integer(reason, {"Job ID"}), integer(reason, {"Partition ID"}),
                       integer(reason, {"Attempt Number"}));
  }
  return std::string(kind);
}

void EventFailures::event(std::string_view kind, const json::Value& event) {
  ++events_;
  if (kind == "SparkListenerJobStart") return job_started(event);
  if (kind == "SparkListenerJobEnd") return job_ended(event);
  if (kind == "SparkListenerStageCompleted") return stage_completed(event);
  if (kind == "SparkListenerTaskEnd") return task_ended(event);
  if (kind == "SparkListenerSQLExecutionEnd") return execution_ended(event);
  if (kind == "SparkListenerSQLExecutionStart") {
    make_room(executions_, most_running);
    executions_[integer(event, {"executionId"})] = events_;
  }
}

void EventFailures::job_started(const json::Value& event) {
  Job job;
  job.began = events_;
  const auto id = integer(event, {"Job ID"});
  const json::Value* stages = event.find("Stage IDs");
  if (const auto* ids = stages == nullptr ? nullptr : stages->as<json::Array>()) {
    for (const json::Value& stage : *ids) {
      if (const auto* number = stage.as<std::int64_t>()) job.stages.push_back(*number);
    }
  }
  job.title = fmt::format("job {}", id);
  std::string_view name = text(event, {"Properties", "spark.job.description"});
  if (name.empty()) name = text(event, {"Properties", "callSite.short"});
  if (!name.empty()) job.title += fmt::format(" ({})", first_line(name));
  make_room(jobs_, most_running);
  jobs_[id] = std::move(job);
}

void EventFailures::stage_completed(const json::Value& event) {
  const std::int64_t id = integer(event, {"Stage Info", "Stage ID"});
  const std::string_view reason = text(event, {"Stage Info", "Failure Reason"});
  if (reason.empty()) {
    stages_.erase(id);
    return;
  }
  ++counts_.failed_stages;
  if (!stages_.contains(id)) make_room(stages_, most_failing_stages);
  stages_[id].reason = capped(reason);
}

void EventFailures::task_ended(const json::Value& event) {
  const json::Value* reason = event.find("Task End Reason");
  if (reason == nullptr) return;
  const std::string_view kind = text(*reason, {"Reason"});
  const std::int64_t stage_id = integer(event, {"Stage ID"});
  const std::int64_t index = integer(event, {"Task Info", "Index"});
  if (kind == "Success") {
    if (const auto stage = stages_.find(stage_id); stage != stages_.end()) stage->second.tasks.erase(index);
    return;
  }
  if (kind == "TaskKilled" || kind == "Resubmitted") return;  // for another reason, which is told elsewhere
  ++counts_.failed_tasks;
  if (!stages_.contains(stage_id)) make_room(stages_, most_failing_stages);
  auto& tasks = stages_[stage_id].tasks;
  if (!tasks.contains(index)) make_room(tasks, most_failing_tasks);
  auto& tries = tasks[index];
  if (tries.size() == most_tries) tries.erase(tries.begin());
  tries.push_back({fmt::format("Lost task {}.{} in stage {}.{} (TID {}) ({} executor {}): ", index,
                               integer(event, {"Task Info", "Attempt"}, 0), stage_id,
                               integer(event, {"Stage Attempt ID"}, 0), integer(event, {"Task Info", "Task ID"}),
                               text(event, {"Task Info", "Host"}), text(event, {"Task Info", "Executor ID"})),
                   capped(task_failure_text(*reason))});
}

std::string EventFailures::job_text(const Job& job, std::string_view message, const json::Value& event) const {
  std::string lines = uncaught(message);
  const bool cancelled = message.find("cancelled") != std::string_view::npos && !message.starts_with("Job aborted");
  for (const std::int64_t id : job.stages) {
    const auto stage = stages_.find(id);
    if (cancelled || stage == stages_.end() || stage->second.reason.empty()) continue;
    const std::string& reason = stage->second.reason;
    if (message.find(std::string_view(reason).substr(0, 200)) == std::string_view::npos) lines += reason + "\n";
    lines += earlier_tries(stage->second);
  }
  // Of an aborted job they only lead through Spark's scheduler.
  if (message.starts_with("Job ")) return lines;
  return lines + frames(member(event, {"Job Result", "Exception", "Stack Trace"}));
}

std::string EventFailures::earlier_tries(const Stage& stage) {
  const auto blamed = task_blamed(stage.reason);
  const auto task = blamed ? stage.tasks.find(*blamed) : stage.tasks.end();
  if (task == stage.tasks.end()) return "";
  std::string lines;
  std::set<std::string_view> told;
  for (const Try& attempt : task->second) {
    // Tries that failed alike are told once; the last one stands in the stage's reason.
    const bool known = stage.reason.find(attempt.failure.substr(0, 200)) != std::string::npos;
    if (!known && told.insert(attempt.failure).second) lines += attempt.task + attempt.failure + "\n";
  }
  return lines;
}

void EventFailures::job_ended(const json::Value& event) {
  const std::int64_t id = integer(event, {"Job ID"});
  const auto known = jobs_.find(id);
  const Job job = known != jobs_.end() ? known->second : Job{events_, fmt::format("job {}", id), {}};
  if (known != jobs_.end()) jobs_.erase(known);
  if (text(event, {"Job Result", "Result"}) == "JobFailed") {
    ++counts_.failed_jobs;
    std::string_view message = text(event, {"Job Result", "Exception", "Message"});
    if (message.empty()) message = "Job failed without a message";
    failed({events_, job.title, job_text(job, message, event)});
  } else {
    succeeded(job.began);
  }
  for (const std::int64_t stage : job.stages) stages_.erase(stage);
}

void EventFailures::execution_ended(const json::Value& event) {
  const std::int64_t id = integer(event, {"executionId"});
  const auto known = executions_.find(id);
  const std::uint64_t began = known != executions_.end() ? known->second : events_;
  if (known != executions_.end()) executions_.erase(known);
  // Spark 3.4 and later: empty where it succeeded. Earlier ones do not say.
  const json::Value* message = event.find("errorMessage");
  const auto* error = message == nullptr ? nullptr : message->as<std::string>();
  if (error == nullptr) return;
  if (error->empty()) return succeeded(began);
  failed({events_, fmt::format("SQL execution {}", id), uncaught(*error)});
}

void EventFailures::failed(Failure failure) {
  if (failures_.size() == most_failures) failures_.erase(failures_.begin());
  failures_.push_back(std::move(failure));
}

void EventFailures::succeeded(std::uint64_t began) {
  constexpr std::size_t most_notes = 4;
  std::erase_if(failures_, [&](const Failure& failure) {
    if (failure.ended >= began) return false;
    ++survived_count_;
    if (survived_.size() < most_notes) {
      survived_.push_back(
          fmt::format("{} failed and the application went on: {}", failure.title, first_line(failure.text)));
    }
    return true;
  });
}

std::string EventFailures::log_text() const {
  std::string lines;
  for (const Failure& failure : failures_) lines += failure.text;
  return lines;
}

std::vector<std::string> EventFailures::notes() const {
  std::vector<std::string> notes = survived_;
  if (survived_count_ > survived_.size()) {
    notes.push_back(fmt::format("and {} more failures that it survived", survived_count_ - survived_.size()));
  }
  return notes;
}

}  // namespace jobmedic::collect
