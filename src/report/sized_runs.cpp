#include "report/sized_runs.hpp"

#include <algorithm>

#include "jobmedic/policy.hpp"
#include "json/value.hpp"

namespace jobmedic::reported {
SizedRunsCount::SizedRunsCount(const Store& store, std::set<std::string> jobs, std::size_t top)
    : store_(store), top_(top), jobs_(std::move(jobs)) {}

void SizedRunsCount::add(const Run& run) {
  const std::string& name = run.tries.front().attempt->job;
  if (!jobs_.contains(name)) return;
  if (run.job != number_) end_job();
  number_ = run.job;
  job_.job = name;
  for (const Try& it : run.tries) add(it);
}

void SizedRunsCount::add(const Try& it) {
  if (!it.ended()) return;
  const std::vector<StoredPatch> patches = store_.patches_used(*it.attempt);
  const auto own = std::find_if(patches.begin(), patches.end(), [](const auto& patch) { return patch.sizes(); });
  if (own == patches.end()) {
    if (patches.empty() && (asked_.empty() || (it.started && (!asked_started_ || *it.started > *asked_started_)))) {
      asked_ = it.attempt->config;
      asked_started_ = it.started;
    }
    return;
  }
  if (!it.counts) return;
  ++job_.runs;
  const bool short_of_memory = it.failed() && it.attempt->outcome->category == "memory_config";
  if (short_of_memory) ++job_.failed;
  if (!it.attempt->duration_s || *it.attempt->duration_s <= 0) {
    ++sum_.without_duration;
    return;
  }
  if (!memory_ || memory_->engine() != it.attempt->engine) memory_.emplace(it.attempt->engine);
  const json::Value config = json::parse(it.attempt->config);
  const double hours = *it.attempt->duration_s / 3600 * copies(config);
  for (const auto& setting : settings_of(own->patch)) {
    const auto gib = memory_->gib(config, setting.first);
    if (!gib) continue;
    Held& held = held_[setting.first];
    if (!short_of_memory) held.hours += hours;  // such a try would not have been needed
    held.gib_hours += *gib * hours;
  }
}

void SizedRunsCount::end_job() {
  if (job_.runs > 0) {
    bool compared = false;
    if (!asked_.empty() && memory_) {
      const json::Value config = json::parse(asked_);
      for (const auto& each : held_) {
        const auto before = memory_->gib(config, each.first);
        if (!before) continue;
        job_.asked_gib_h += *before * each.second.hours;
        job_.held_gib_h += each.second.gib_hours;
        compared = true;
      }
    }
    ++sum_.jobs;
    sum_.runs += job_.runs;
    sum_.failed += job_.failed;
    sum_.asked_gib_h += job_.asked_gib_h;
    sum_.held_gib_h += job_.held_gib_h;
    if (!compared) ++sum_.jobs_not_compared;
    sum_.most.push_back(std::move(job_));
    const auto more = [](const SizedJob& a, const SizedJob& b) {
      return a.saved_gib_h() != b.saved_gib_h() ? a.saved_gib_h() > b.saved_gib_h() : a.job < b.job;
    };
    std::sort(sum_.most.begin(), sum_.most.end(), more);
    if (sum_.most.size() > top_) sum_.most.pop_back();
  }
  job_ = {};
  held_.clear();
  asked_.clear();
  asked_started_.reset();
}

void SizedRunsCount::tell(Report& report) {
  end_job();
  sum_.gib_hour_usd = Policy{}.gib_hour_usd;
  report.sized = std::move(sum_);
}

}  // namespace jobmedic::reported
