// Are the newest failures like those before them? Within each job, so that another mix of jobs is no shift, and of
// first tries, since the newest of all are later tries of the last runs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "recommend/audit/audits.hpp"

namespace jobmedic::audits {
namespace {

constexpr double most_shift = 0.5;  // standard deviations
constexpr double newest_share = 0.1;
constexpr std::size_t most_jobs = 5000;  // are looked at

// A column of the context: a number of the failed attempt, normalised by the training.
struct Column {
  std::size_t index;
  std::string name;
};

// Not what the past says: that grows with the history by itself.
std::vector<Column> columns_of(const model::FeatureSchema& schema) {
  std::vector<Column> columns;
  std::size_t index = 0;
  for (const model::NumberFeature& number : schema.numbers) {
    if (number.lesson.empty()) columns.push_back({index, number.metric.empty() ? number.parameter : number.metric});
    index += number.sometimes_missing ? 2 : 1;
  }
  return columns;
}

struct Side {
  std::size_t count = 0;
  std::vector<double> sums;
  void add(const std::vector<float>& numbers, const std::vector<Column>& columns) {
    sums.resize(columns.size());
    ++count;
    for (std::size_t c = 0; c < columns.size(); ++c) sums[c] += numbers[columns[c].index];
  }
  [[nodiscard]] double mean(std::size_t column) const { return sums[column] / static_cast<double>(count); }
};

struct JobSides {
  Side older, newest;
  // Of the difference of two means.
  [[nodiscard]] double weight() const {
    const auto a = static_cast<double>(older.count), b = static_cast<double>(newest.count);
    return a * b / (a + b);
  }
};

struct Shift {
  double size = 0;
  double error = 0;  // standard
};

Shift shift_of(const std::vector<JobSides>& jobs, std::size_t column) {
  double sum = 0, weight = 0, squares = 0;
  const auto difference = [&](const JobSides& job) { return job.newest.mean(column) - job.older.mean(column); };
  for (const JobSides& job : jobs) {
    sum += job.weight() * difference(job);
    weight += job.weight();
  }
  const double mean = sum / weight;
  for (const JobSides& job : jobs) {
    const double miss = job.weight() * (difference(job) - mean);
    squares += miss * miss;
  }
  const auto n = static_cast<double>(jobs.size());
  return {std::abs(mean), std::sqrt(squares * n / (n - 1)) / weight};
}

// From when on failures are the newest; NaN: no time is on record.
double newest_from(std::vector<double> times) {
  std::erase_if(times, [](double time) { return std::isnan(time); });
  if (times.empty()) return std::nan("");
  const auto place = static_cast<std::ptrdiff_t>((1 - newest_share) * static_cast<double>(times.size()));
  std::nth_element(times.begin(), times.begin() + place, times.end());
  return times[static_cast<std::size_t>(place)];
}

std::vector<JobSides> compare(const model::Prepared& data, const std::vector<Column>& columns) {
  const double from = newest_from(data.ended);
  std::map<std::uint32_t, JobSides> jobs;
  for (std::size_t i = 0; i < data.ended.size(); ++i) {
    if (std::isnan(data.ended[i]) || data.job_of[i] % (data.jobs.size() / most_jobs + 1) != 0) continue;
    JobSides& job = jobs[data.job_of[i]];
    (data.ended[i] >= from ? job.newest : job.older).add(data.batch.context(i).numbers, columns);
  }
  std::vector<JobSides> both;
  for (auto& [name, job] : jobs) {
    if (job.older.count > 0 && job.newest.count > 0) both.push_back(std::move(job));
  }
  return both;
}

}  // namespace

Audit feature_shift(const model::Prepared& data) {
  constexpr double certain = 3;  // standard errors: many columns are looked at
  Audit audit{"feature_shift", "undecided", std::nullopt, most_shift, std::nullopt, ""};
  const std::vector<Column> columns = columns_of(data.schema);
  const std::vector<JobSides> jobs = compare(data, columns);
  if (jobs.size() < fewest_jobs || columns.empty()) {
    audit.words =
        fmt::format("{} jobs have failures among the newest tenth and before, {} are needed", jobs.size(), fewest_jobs);
    return audit;
  }
  bool all_small = true;
  double worst = -1;  // least certain to be small
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Shift shift = shift_of(jobs, c);
    if (shift.size - certain * shift.error > most_shift) audit.verdict = "failed";
    all_small = all_small && shift.size + certain * shift.error <= most_shift;
    if (shift.size + certain * shift.error <= worst) continue;
    worst = shift.size + certain * shift.error;
    audit.measured = shift.size;
    audit.interval = {std::max(shift.size - certain * shift.error, 0.0), worst};
    audit.words = fmt::format("{} shifted by {:.2f} standard deviations within {} jobs", columns[c].name, shift.size,
                              jobs.size());
  }
  if (all_small) audit.verdict = "passed";
  return audit;
}

}  // namespace jobmedic::audits
