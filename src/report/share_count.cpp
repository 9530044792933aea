#include "report/share_count.hpp"

#include <algorithm>
#include <cmath>

namespace jobmedic::reported {
namespace {

constexpr double z = 1.959963984540054;  // 95 %

// How many independent cases are worth as much: a ratio estimate's variance by jobs over that of a simple sample.
double independent_cases(double p, double of, double jobs, double squares) {
  if (p <= 0 || p >= 1 || jobs < 2) return jobs;
  const double simple = p * (1 - p) / (of - 1);
  const double clustered = squares / (of * of) * jobs / (jobs - 1);
  return of / std::max(1.0, clustered / simple);
}

}  // namespace

void ShareCount::end_job() {
  hits_squared_ += job_hits_ * job_hits_;
  hits_by_of_ += job_hits_ * job_of_;
  of_squared_ += job_of_ * job_of_;
  job_hits_ = job_of_ = 0;
}

void ShareCount::add(std::uint64_t job, bool hit) {
  if (of_ == 0 || job != job_) {
    end_job();
    ++jobs_;
    job_ = job;
  }
  ++of_;
  ++job_of_;
  if (!hit) return;
  ++hits_;
  ++job_hits_;
}

Share ShareCount::share() const {
  Share share{hits_, of_, jobs_, 0, 1};
  if (of_ == 0) return share;
  ShareCount all = *this;
  all.end_job();
  const double p = share.value();
  const double squares = std::max(0.0, all.hits_squared_ - 2 * p * all.hits_by_of_ + p * p * all.of_squared_);
  const double n = independent_cases(p, static_cast<double>(of_), static_cast<double>(jobs_), squares);
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  share.low = std::max(0.0, middle - half);
  share.high = std::min(1.0, middle + half);
  return share;
}

}  // namespace jobmedic::reported
