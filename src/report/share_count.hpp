#pragma once
#include "jobmedic/report.hpp"

namespace jobmedic::reported {

/// Counts a share without holding the cases: sums over jobs are all that its interval needs. Cases of one job come
/// one after the other.
class ShareCount {
 public:
  /// `job`: any number that differs from the job before.
  void add(std::uint64_t job, bool hit);
  [[nodiscard]] Share share() const;

 private:
  void end_job();

  std::uint64_t hits_ = 0, of_ = 0, jobs_ = 0;
  std::uint64_t job_ = 0;
  double job_hits_ = 0, job_of_ = 0;                           // of the job that is being counted
  double hits_squared_ = 0, hits_by_of_ = 0, of_squared_ = 0;  // sums over the jobs before it
};

}  // namespace jobmedic::reported
