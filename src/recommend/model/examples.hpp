#pragma once
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "recommend/model/features.hpp"

/// Training examples of a history: a failed attempt, the configuration of a later try, and how that ended.
namespace jobmedic::model {

struct Example {
  std::uint32_t failed = 0;  ///< index into ExampleSet::failed
  Point point;               ///< the later try's configuration
  bool fails = false;
  double cost_usd = 0;  ///< of the later try alone; NaN: unknown
  double weight = 0;    ///< those of one failed attempt sum to 1, or twice to 1/2
};

struct ExampleSet {
  std::deque<Classification> verdicts;  ///< as recorded with the attempts; FailedAttempt borrows them
  std::deque<Attempt> drawn;            ///< failures drawn from peaks; FailedAttempt borrows them
  std::vector<FailedAttempt> failed;    ///< borrow the history
  std::vector<std::uint32_t> job_of;    ///< per failed attempt: index into `jobs`
  std::vector<std::string> jobs;        ///< in order of first appearance
  std::vector<Example> examples;        ///< those of one failed attempt stand together
  std::size_t attempts = 0;             ///< in the history
  std::size_t failures = 0;             ///< of these
  std::size_t unreadable = 0;           ///< left out: a configuration value that is none
};

/// A failed attempt of a job with earlier runs is there twice, with them and, for the sake of jobs that have none,
/// without, each time with half the weight. Successes with a peak teach as failures drawn from them (peaks.hpp).
/// Later tries of the same run; where labels.grid is set, any other run with the same job and labels.input. Later tries
/// without an outcome or that were cancelled tell nothing. `history` and `space` are borrowed by the result.
ExampleSet make_examples(std::span<const Attempt> history, const Space& space);

/// Is it marked as part of a recorded grid?
bool is_grid(const Attempt& attempt);
/// What is tried for one another: the tries of one run, or the runs of one grid.
std::string group_of(const Attempt& attempt);

/// What classify() said when the attempt was recorded.
Classification recorded_verdict(const Attempt& attempt);

/// Which numbers and parameters these examples of a history can teach, and how they are normalised.
FeatureSchema fit_schema(const ExampleSet& set, std::span<const Attempt> history, const Space& space);

/// A fold in [0, folds) per failed attempt, given the job of each: a job is wholly in one; folds of about equal weight.
std::vector<std::uint32_t> folds_by_job(std::span<const std::uint32_t> job_of, std::size_t jobs, std::uint32_t folds,
                                        std::uint64_t seed);

}  // namespace jobmedic::model
