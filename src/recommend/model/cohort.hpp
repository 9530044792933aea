#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "json/reader.hpp"
#include "json/value.hpp"

/// What the jobs of a history needed of one amount of memory. A job of which nothing is known is taken for one of them.
namespace jobmedic::model {

/// Needs are log2 of an amount, in the parameter's unit.
struct Cohort {
  std::map<std::uint64_t, std::vector<double>>
      needs;  ///< by the hash of the job's name; ascending quantiles of its runs

  static constexpr std::size_t most_jobs = 512;
  static constexpr std::size_t most_needs = 8;  ///< of one job
  [[nodiscard]] json::Value to_json() const;
  /// Throws Error (schema).
  static Cohort from_json(const json::Reader& reader);
};

/// Gathers a cohort from a history of any size: of too many jobs a sample, of each job's many runs likewise.
class CohortFit {
 public:
  void add(std::uint64_t job, std::uint64_t run, double need);
  [[nodiscard]] Cohort result() const;

 private:
  static constexpr std::size_t most_runs = 64;
  std::map<std::uint64_t, std::map<std::uint64_t, double>> needs_;  // by job, then by run: the lowest hashes stay
};

/// The odds that an amount of memory is enough for a job that failed with less: those of the cohort that need more than
/// what failed, each job with the same weight, and a little for a job like none of them.
class CohortOdds {
 public:
  CohortOdds() = default;  ///< of nothing: always 0
  /// `own`: the hash of the failed job's name, left out so that training sees what serving will; `failed`: octaves.
  CohortOdds(const Cohort& cohort, std::uint64_t own, double failed);

  static constexpr std::size_t widths = 2;  ///< how alike jobs are taken to be: closely and loosely
  /// log(P(need <= now) / P(need > now)) given need > failed, in [-most_odds, most_odds]; never falls with `now`.
  [[nodiscard]] double operator()(std::size_t width, double now) const;
  static constexpr double most_odds = 5;

 private:
  std::array<std::vector<double>, widths> enough_;  // log-odds, on a grid of octaves above what failed
  double failed_ = 0;
};

}  // namespace jobmedic::model
