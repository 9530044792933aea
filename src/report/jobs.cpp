#include "report/jobs.hpp"

#include <algorithm>

namespace jobmedic::reported {
namespace {

bool dearer(const ExpensiveJob& a, const ExpensiveJob& b) {
  if (a.failed_cost_usd != b.failed_cost_usd) return a.failed_cost_usd > b.failed_cost_usd;
  return a.failures != b.failures ? a.failures > b.failures : a.job < b.job;
}

}  // namespace

void Jobs::end_job() {
  if (quarantined_ && quarantine_.size() < top_) quarantine_.push_back(job_.job);
  if (job_.failures > 0) {
    const auto most = std::max_element(rules_.begin(), rules_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    job_.rule = most->first.first;
    job_.category = most->first.second;
    expensive_.push_back(std::move(job_));
    std::push_heap(expensive_.begin(), expensive_.end(), dearer);
    if (expensive_.size() > top_) {
      std::pop_heap(expensive_.begin(), expensive_.end(), dearer);
      expensive_.pop_back();
    }
  }
  job_ = {};
  rules_.clear();
  answered_.reset();
  quarantined_ = false;
}

void Jobs::add(const Run& run) {
  if (run.job != number_) end_job();
  number_ = run.job;
  for (const Try& it : run.tries) {
    if (!it.counts) continue;
    const Outcome& outcome = *it.attempt->outcome;
    if (job_.attempts++ == 0) job_.job = it.attempt->job;
    job_.cost_usd += outcome.cost_usd.value_or(0);
    if (!it.failed()) continue;
    ++job_.failures;
    job_.failed_cost_usd += outcome.cost_usd.value_or(0);
    ++rules_[{outcome.rule, outcome.category}];
    if (it.answer && (!it.started || !answered_ || *it.started >= *answered_)) {
      answered_ = it.started ? it.started : answered_;
      quarantined_ = it.answer->quarantined;
    }
  }
}

void Jobs::tell(Report& report) {
  end_job();
  std::sort(expensive_.begin(), expensive_.end(), dearer);
  report.expensive_jobs = expensive_;
  report.automation.quarantined_jobs = quarantine_;
}

}  // namespace jobmedic::reported
