#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/store.hpp"

/// What a store's history says of its failures and of jobmedic: the document jobmedic.report/1, and the same as one
/// self-contained HTML page. A failure counts in the period in which its try started, with whatever became of it later.
/// Runs of a recorded grid (labels.grid) are experiments: they are counted apart and left out of all else.
/// Free functions: safe from any number of threads; the store is only read.
namespace jobmedic {

/// A share with what it rests on. The interval (95 %) is Wilson's (1927) for as many independent cases as the jobs
/// leave: failures of one job are alike (design effect, Kish 1965, from the spread of the share between jobs; where
/// that cannot be told, one case a job).
struct Share {
  std::uint64_t hits = 0;
  std::uint64_t of = 0;
  std::uint64_t jobs = 0;  ///< that these come from
  double low = 0;          ///< 0..1
  double high = 1;
  [[nodiscard]] double value() const { return of == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(of); }
  /// Enough to be told as a percentage: 10 cases of 5 jobs.
  [[nodiscard]] bool tells() const { return of >= 10 && jobs >= 5; }
};

struct ReportOptions {
  std::string since;          ///< RFC 3339; empty: from the first attempt on
  std::string until;          ///< RFC 3339, exclusive; empty: to the last
  std::string now;            ///< RFC 3339: when it is made; empty: by the clock
  std::string title;          ///< empty: "Failed jobs and what became of them"
  std::size_t top = 10;       ///< rows of each list, 1..1000
  int unchanged_retries = 3;  ///< what the scheduler would have done: so many retries, unchanged; 1..20
  std::function<void(double done, std::string_view what)> progress;  ///< done 0..1; may throw to cancel
};

/// Failures of one rule or category.
struct Cause {
  std::string rule;      ///< empty: the whole category
  std::string category;  ///< empty: unclassified
  std::uint64_t failures = 0;
  std::uint64_t jobs = 0;
  double cost_usd = 0;               ///< of the failed tries, as far as it is known
  std::vector<std::uint64_t> trend;  ///< failures in each of Report::buckets
};

struct Bucket {
  std::string from;  ///< RFC 3339 UTC, midnight
  std::uint64_t attempts = 0;
  std::uint64_t failures = 0;
  std::uint64_t memory = 0;  ///< of these failures
  std::uint64_t unclassified = 0;
};

/// Runs that hit a memory failure (category memory_config), by what became of the first one.
struct Healing {
  Share at_first;          ///< the next try succeeded
  Share within_three;      ///< one of the next three did
  Share at_first_patched;  ///< of all: the next try succeeded, and ran with jobmedic's patch
  Share within_three_patched;
  std::uint64_t not_retried = 0;  ///< no later try is on record; they count as not healed
};

/// Retries that jobmedic advised against.
struct Avoided {
  std::uint64_t retries = 0;  ///< failures it did not let retry, within the scheduler's own retries; none followed
  std::uint64_t jobs = 0;
  double failed_cost_usd = 0;      ///< what their failed tries had cost
  std::uint64_t without_cost = 0;  ///< of these: cost unknown
  Share wrongly;  ///< tried all the same, with an unchanged configuration (in shadow mode, or by a person): succeeded
};

/// Money on retries that fail, with jobmedic and as estimated without it. See `Savings::rows`.
struct Savings {
  /// Had the scheduler retried up to `retries` times, unchanged: each run's failed try costs c (measured), an unchanged
  /// retry fails with probability p and then costs c again: c * (p + p^2 + ...). p: the model's prediction as saved
  /// with the answer; where none was made, the share of the rule's unchanged retries that failed in this history (at
  /// least 10 of 5 jobs); else the run is left out. Against it: what the run's retries that failed did cost, up to as
  /// many. The try that works costs the same either way by assumption, and is in neither.
  struct Row {
    int retries = 0;
    double unchanged_usd = 0;  ///< estimated
    double spent_usd = 0;      ///< measured
    [[nodiscard]] double saved_usd() const { return unchanged_usd - spent_usd; }
  };
  std::vector<Row> rows;               ///< for 1, 2, ... of the scheduler's retries; the last is the headline
  std::uint64_t patched = 0;           ///< runs priced whose retry ran with the patch
  std::uint64_t avoided = 0;           ///< runs priced that were not retried
  std::uint64_t by_history = 0;        ///< of both: p is the rule's share in this history
  std::uint64_t without_cost = 0;      ///< left out: a cost is missing
  std::uint64_t without_estimate = 0;  ///< left out: nothing tells how an unchanged retry would have ended
  std::uint64_t advice_not_taken = 0;  ///< left out: the next try ran without the patch, or against the advice
  std::uint64_t retry_open = 0;        ///< left out: the patched retry is not on record (yet)
};

/// A job whose tries ran with a patch of right-sizing.
struct SizedJob {
  std::string job;
  std::uint64_t runs = 0;    ///< tries that ended with such a patch
  std::uint64_t failed = 0;  ///< of these, for want of memory
  double asked_gib_h = 0;    ///< GiB x hours, had those not short of memory asked for what the job's latest try without
                             ///< any patch did
  double held_gib_h = 0;     ///< what all of them held of the same parameters
  [[nodiscard]] double saved_gib_h() const { return asked_gib_h - held_gib_h; }
};

/// What right-sizing was worth: of the memory parameters that its patches set, in tries whose duration is on record;
/// Spark's executors as many times as spark.executor.instances says.
struct SizedRuns {
  std::uint64_t jobs = 0;
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;
  double asked_gib_h = 0;
  double held_gib_h = 0;
  std::uint64_t without_duration = 0;   ///< tries left out of both
  std::uint64_t jobs_not_compared = 0;  ///< jobs left out of both: no try without a patch is on record
  double gib_hour_usd = 0;              ///< price of one GiB for one hour, as recommend() reckons
  std::vector<SizedJob> most;           ///< most saved first, at most `top`
  [[nodiscard]] double saved_usd() const { return (asked_gib_h - held_gib_h) * gib_hour_usd; }
};

/// What right-sizing would change, saved in shadow mode and not (yet) put in force.
struct SizeProposal {
  struct Setting {
    std::string parameter;
    std::string before;  ///< in the job's latest try; empty: unknown
    std::string after;
  };
  std::string job;
  std::string patch;  ///< its id
  std::vector<Setting> settings;
  double asked_gib_h = 0;     ///< GiB x hours that the job's latest try that ended asked for; 0: unknown
  double proposed_gib_h = 0;  ///< the same with the proposal
  std::string reason;
};

struct SizeProposals {
  std::uint64_t open = 0;          ///< neither put in force nor expired
  std::vector<SizeProposal> most;  ///< those that would save most first, at most `top`
};

/// A tenth of the predicted probabilities, and what came of them.
struct ReliabilityBin {
  double from = 0;
  double to = 0;
  double predicted = 0;  ///< mean
  Share failed;
};

/// Predictions that remediate() saved, beside how the retry ended that they were about: the patched one where it ran
/// with the patch, the unchanged one where it ran unchanged.
struct Calibration {
  std::vector<ReliabilityBin> bins;  ///< ten
  double predicted = 0;              ///< mean over all
  Share failed;
  double brier = 0;  ///< mean squared error of the probability (Brier 1950)
};

struct UnclassifiedTemplate {
  std::string text;  ///< of its most telling line, parameters as "<*>"
  std::uint64_t failures = 0;
  std::uint64_t jobs = 0;
  double cost_usd = 0;
  std::string job;  ///< one of them
  std::string run;
};

struct ExpensiveJob {
  std::string job;
  double failed_cost_usd = 0;
  double cost_usd = 0;  ///< of all tries
  std::uint64_t attempts = 0;
  std::uint64_t failures = 0;
  std::string rule;  ///< the most frequent; empty: unclassified
  std::string category;
};

struct ModelInService {
  std::string version;
  std::string from;  ///< RFC 3339 UTC
  std::string to;    ///< empty: still in service
  std::string kind;  ///< as Promotion
  std::string by;
  std::string reason;
  std::optional<double> log_loss;  ///< held-out, as its training measured
  double predicted = 0;            ///< mean of its predictions in the period whose retry is on record
  Share failed;                    ///< how these retries ended
};

struct DisabledPatch {
  std::string id;
  std::string job;  ///< of its scope; empty: any
  std::string by;   ///< who disabled it
  std::string at;
  std::string reason;
};

struct AutomationState {
  Automation automation;
  std::map<std::string, std::uint64_t> decisions;  ///< answers by decision: "retry_with_patch", "retry_unchanged",
                                                   ///< "do_not_retry"
  std::map<std::string, std::uint64_t> methods;    ///< the same by "model", "fallback", "rule", "verdict"
  std::uint64_t shadow = 0;                        ///< of these answers: decided, nothing changed
  std::uint64_t quarantined = 0;                   ///< of these answers: no patch, too many in a row had failed
  std::vector<std::string> quarantined_jobs;       ///< whose last answer says so; at most `top`
  std::uint64_t patches = 0;
  std::uint64_t patches_in_force = 0;
  std::uint64_t patches_disabled = 0;   ///< without the proposals of right-sizing
  std::vector<DisabledPatch> disabled;  ///< at most `top`
};

struct Report {
  std::string title;
  std::string store;  ///< its URL without password
  std::string made_at;
  std::string since;  ///< as asked for; empty: all that is on record
  std::string until;
  std::string first;  ///< the first and last start on record in the period; empty: none is known
  std::string last;
  int unchanged_retries = 3;

  std::uint64_t attempts = 0;  ///< that ended
  std::uint64_t jobs = 0;
  Share failed;
  Share unclassified;  ///< of the failures
  double cost_usd = 0;
  double failed_cost_usd = 0;
  std::uint64_t without_cost = 0;   ///< attempts whose cost is not on record
  std::uint64_t without_start = 0;  ///< attempts without a start: in the totals, not in the trend or any period
  std::uint64_t in_grids = 0;       ///< attempts of recorded grids, left out of all other figures

  std::string bucket;  ///< "day", "week" (from Monday), "month" or "year"
  std::vector<Bucket> buckets;
  std::vector<Cause> categories;  ///< most failures first
  std::vector<Cause> rules;       ///< the same, at most `top`
  Healing healing;
  Avoided avoided;
  Savings savings;
  SizedRuns sized;
  SizeProposals proposals;
  Calibration calibration;
  std::uint64_t unclassified_known = 0;  ///< failures whose telling lines are kept
  std::vector<UnclassifiedTemplate> templates;
  std::vector<ExpensiveJob> expensive_jobs;
  std::vector<ModelInService> models;  ///< oldest first
  AutomationState automation;

  /// jobmedic.report/1: the members above, by their names.
  [[nodiscard]] std::string to_json() const;
  /// One page: no script, no address outside of it. Texts of the store are escaped, cut and cannot change direction.
  [[nodiscard]] std::string to_html() const;
};

/// Reads the history job by job; what it holds does not grow with the number of attempts. Throws Error:
/// invalid_argument (a time that is none, options out of range), store.
Report make_report(const Store& store, const ReportOptions& options = {});

}  // namespace jobmedic
