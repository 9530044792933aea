#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

// What ended an application, out of its events. A failure counts where a job (or an SQL execution) failed and nothing
// that began later succeeded: then nobody caught it and went on. Of its stages the one that failed for good counts, of
// that stage's tasks the one whose last try failed it. All else is what Spark recovered from.
namespace jobmedic::collect {

class EventFailures {
 public:
  /// `kind`: "SparkListenerJobEnd", ...: an event's name without package.
  void event(std::string_view kind, const json::Value& event);

  /// The failures as the driver would have logged them; empty: none.
  [[nodiscard]] std::string log_text() const;
  [[nodiscard]] std::vector<std::string> notes() const;

  struct Counts {
    std::uint64_t failed_tasks = 0;  ///< killed and resubmitted ones aside
    std::uint64_t failed_stages = 0;
    std::uint64_t failed_jobs = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  struct Failure {  // that may yet turn out to be the last
    std::uint64_t ended = 0;
    std::string title;  // "job 79 (show at <console>:33)"
    std::string text;
  };
  struct Job {
    std::uint64_t began = 0;
    std::string title;
    std::vector<std::int64_t> stages;
  };
  struct Try {
    std::string task;  // "Lost task 3.0 in stage 9.0 (TID 30) (worker-3 executor 1): "
    std::string failure;
  };
  struct Stage {
    std::string reason;                              // of its last attempt; empty: it did not fail
    std::map<std::int64_t, std::vector<Try>> tasks;  // by index: those that failed and have not succeeded since
  };

  void job_started(const json::Value& event);
  void job_ended(const json::Value& event);
  void execution_ended(const json::Value& event);
  void stage_completed(const json::Value& event);
  void task_ended(const json::Value& event);
  [[nodiscard]] std::string job_text(const Job& job, std::string_view message, const json::Value& event) const;
  [[nodiscard]] static std::string earlier_tries(const Stage& stage);
  void failed(Failure failure);
  void succeeded(std::uint64_t began);

  std::uint64_t events_ = 0;
  Counts counts_;
  std::map<std::int64_t, Job> jobs_;                  // running
  std::map<std::int64_t, std::uint64_t> executions_;  // running: when each began
  std::map<std::int64_t, Stage> stages_;              // with failures, of running jobs
  std::vector<Failure> failures_;
  std::vector<std::string> survived_;
  std::uint64_t survived_count_ = 0;
};

/// A task's end reason in Spark's words (TaskEndReason.toErrorString).
std::string task_failure_text(const json::Value& reason);

}  // namespace jobmedic::collect
