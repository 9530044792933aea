// Reads the history job by job, each run once, and asks all counters about it.
#include "jobmedic/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobmedic/error.hpp"
#include "report/advice.hpp"
#include "report/causes.hpp"
#include "report/healing.hpp"
#include "report/jobs.hpp"
#include "report/proposed_sizes.hpp"
#include "report/runs.hpp"
#include "report/savings.hpp"
#include "report/service.hpp"
#include "report/sized_runs.hpp"
#include "report/unknown_failures.hpp"

namespace jobmedic {
namespace {

using namespace reported;

struct Period {
  std::optional<TimePoint> since, until;
  [[nodiscard]] bool all() const { return !since && !until; }
  [[nodiscard]] bool holds(const std::optional<TimePoint>& time) const {
    if (all()) return true;
    return time && (!since || *time >= *since) && (!until || *time < *until);
  }
};

std::optional<TimePoint> time_of(const char* name, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto time = parse_time(text);
  if (!time) throw Error(Status::invalid_argument, fmt::format("{}: \"{}\" is no time (RFC 3339)", name, text));
  return time;
}

Period period_of(const ReportOptions& options) {
  Period period{time_of("since", options.since), time_of("until", options.until)};
  if (period.since && period.until && *period.since >= *period.until) {
    throw Error(Status::invalid_argument,
                fmt::format("the period is empty: it is from {} to before {}", options.since, options.until));
  }
  return period;
}

void check(const ReportOptions& options) {
  if (options.top < 1 || options.top > 1000) throw Error(Status::invalid_argument, "top: must be 1 to 1000");
  if (options.unchanged_retries < 1 || options.unchanged_retries > 20) {
    throw Error(Status::invalid_argument, "unchanged_retries: must be 1 to 20");
  }
}

class Reading {
 public:
  Reading(const Store& store, const ReportOptions& options) : Reading(store, options, read_sizing_patches(store)) {}

  void read_history() {
    const double total = static_cast<double>(std::max<std::size_t>(1, store_.attempt_count()));
    std::size_t done = 0;
    RunReader runs([&](std::span<const Attempt* const> run) {
      if (seen_.empty() || run.front()->job != seen_) ++job_;
      seen_ = run.front()->job;
      count(run_of(run));
    });
    store_.each_job([&](std::span<const Attempt> part) {
      runs.add(part);
      done += part.size();
      show(0.95 * static_cast<double>(done) / total, fmt::format("{} attempts", done));
    });
    runs.finish();
  }

  void read_unclassified(Report& report) {
    show(0.95, "unclassified failures");
    UnknownFailures unknown;
    store_.each_unclassified([&](const UnclassifiedFailure& failure) {
      if (!period_.all()) {
        const auto attempt = store_.attempt(failure.job, failure.run, failure.attempt);
        if (!attempt || !period_.holds(parse_time(attempt->started_at))) return;
      }
      ++report.unclassified_known;
      unknown.add(failure);
    });
    report.templates = unknown.top(options_.top);
  }

  void tell(Report& report, const std::string& now) {
    report.in_grids = in_grids_;
    causes_.tell(report, options_.top);
    jobs_.tell(report);
    report.healing = healing_.tell();
    report.avoided = advice_.avoided();
    report.savings = savings_.tell();
    sized_.tell(report);
    proposed_.tell(now, options_.top, report.proposals);
    report.calibration = advice_.calibration();
    report.models = models_in_service(store_, advice_);
    advice_.tell(report.automation);
    tell_automation(store_, now, options_.top, report.automation);
  }

 private:
  Reading(const Store& store, const ReportOptions& options, SizingPatches sizing)
      : store_(store),
        options_(options),
        period_(period_of(options)),
        jobs_(options.top),
        advice_(options.unchanged_retries),
        savings_(options.unchanged_retries),
        sized_(store, std::move(sizing.jobs), options.top),
        proposed_(std::move(sizing.proposals)) {}

  void show(double done, const std::string& what) const {
    if (options_.progress) options_.progress(done, what);
  }

  Run run_of(std::span<const Attempt* const> attempts) const {
    Run run{job_, {}};
    for (const Attempt* attempt : attempts) {
      Try next;
      next.attempt = attempt;
      next.started = parse_time(attempt->started_at);
      next.counts = attempt->outcome.has_value() && period_.holds(next.started);
      if (!run.tries.empty()) {
        const Try& before = run.tries.back();
        next.patched = before.answer && ran_with(before.answer->patch, *before.attempt, *attempt);
        next.unchanged = same_configuration(*before.attempt, *attempt);
      }
      if (next.failed()) {
        const auto document = store_.remediation(attempt->job, attempt->run, attempt->attempt);
        if (document) next.answer = read_answer(*document);
      }
      run.tries.push_back(std::move(next));
    }
    return run;
  }

  void count(const Run& run) {
    if (run.in_grid()) {
      in_grids_ += run.counting();
      return;
    }
    for (const Try& it : run.tries) {
      if (it.counts) causes_.add(run.job, it);
    }
    jobs_.add(run);
    healing_.add(run);
    advice_.add(run);
    savings_.add(run);
    sized_.add(run);
    proposed_.add(run);
  }

  const Store& store_;
  const ReportOptions& options_;
  const Period period_;
  std::string seen_;
  std::uint64_t job_ = 0;
  std::uint64_t in_grids_ = 0;
  Causes causes_;
  Jobs jobs_;
  HealingCount healing_;
  Advice advice_;
  SavingsCount savings_;
  SizedRunsCount sized_;
  ProposedSizes proposed_;
};

}  // namespace

Report make_report(const Store& store, const ReportOptions& options) {
  check(options);
  Report report;
  report.made_at = options.now.empty() ? format_time(now()) : format_time(*time_of("now", options.now));
  report.title = options.title.empty() ? "Failed jobs and what became of them" : options.title;
  report.store = reported::without_password(store.url());
  report.since = options.since;
  report.until = options.until;
  report.unchanged_retries = options.unchanged_retries;
  Reading reading(store, options);
  reading.read_history();
  reading.read_unclassified(report);
  reading.tell(report, report.made_at);
  return report;
}

}  // namespace jobmedic
