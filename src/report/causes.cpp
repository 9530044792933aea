#include "report/causes.hpp"

#include <algorithm>

namespace jobmedic::reported {
namespace {

constexpr std::size_t most_rules = 5'000;  // a history's own; beyond it only the category is counted

bool memory(const Outcome& outcome) {
  return outcome.category == "memory_config";
}

void add_up(Bucket& sum, const Bucket& one) {
  sum.attempts += one.attempts;
  sum.failures += one.failures;
  sum.memory += one.memory;
  sum.unclassified += one.unclassified;
}

}  // namespace

void Causes::Count::add(std::uint64_t job, double cost, const std::optional<Day>& day) {
  if (failures == 0 || job != last_job) ++jobs;
  last_job = job;
  ++failures;
  cost_usd += cost;
  if (day) ++by_day[*day];
}

void Causes::add(std::uint64_t job, const Try& tried) {
  const Outcome& outcome = *tried.attempt->outcome;
  const bool unknown = tried.failed() && outcome.rule.empty() && outcome.category.empty();
  failed_.add(job, tried.failed());
  if (!outcome.cost_usd) ++without_cost_;
  const double cost = outcome.cost_usd.value_or(0);
  cost_usd_ += cost;

  std::optional<Day> day;
  if (tried.started) {
    day = std::chrono::floor<std::chrono::days>(*tried.started);
    first_ = std::min(first_.value_or(*tried.started), *tried.started);
    last_ = std::max(last_.value_or(*tried.started), *tried.started);
    add_up(days_[*day],
           {"", 1, tried.failed() ? 1U : 0U, tried.failed() && memory(outcome) ? 1U : 0U, unknown ? 1U : 0U});
  } else {
    ++without_start_;
  }
  if (!tried.failed()) return;
  failed_cost_usd_ += cost;
  unclassified_.add(job, unknown);
  categories_[{outcome.category, ""}].add(job, cost, day);
  const std::pair name(outcome.category, outcome.rule);
  if (!outcome.rule.empty() && (rules_.size() < most_rules || rules_.contains(name))) rules_[name].add(job, cost, day);
}

Calendar Causes::calendar() const {
  return days_.empty() ? Calendar{"day", {}} : Calendar::over(days_.begin()->first, days_.rbegin()->first);
}

std::vector<Cause> Causes::list(const Counts& counts, const Calendar& calendar) {
  std::vector<Cause> causes;
  for (const auto& [name, count] : counts) {
    Cause cause{name.second, name.first, count.failures, count.jobs, count.cost_usd, {}};
    cause.trend.resize(calendar.starts.size());
    for (const auto& [day, failures] : count.by_day) {
      if (const auto bucket = calendar.bucket_of(day)) cause.trend[*bucket] += failures;
    }
    causes.push_back(std::move(cause));
  }
  std::stable_sort(causes.begin(), causes.end(),
                   [](const Cause& a, const Cause& b) { return a.failures > b.failures; });
  return causes;
}

void Causes::tell(Report& report, std::size_t top) const {
  const Calendar buckets = calendar();
  report.bucket = buckets.unit;
  for (const Day start : buckets.starts) report.buckets.push_back({format_time(TimePoint(start)), 0, 0, 0, 0});
  for (const auto& [day, count] : days_) {
    if (const auto bucket = buckets.bucket_of(day)) add_up(report.buckets[*bucket], count);
  }
  report.categories = list(categories_, buckets);
  report.rules = list(rules_, buckets);
  if (report.rules.size() > top) report.rules.resize(top);
  report.failed = failed_.share();
  report.unclassified = unclassified_.share();
  report.attempts = report.failed.of;
  report.jobs = report.failed.jobs;
  report.cost_usd = cost_usd_;
  report.failed_cost_usd = failed_cost_usd_;
  report.without_cost = without_cost_;
  report.without_start = without_start_;
  if (first_) report.first = format_time(*first_);
  if (last_) report.last = format_time(*last_);
}

}  // namespace jobmedic::reported
