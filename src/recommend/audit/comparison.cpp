// Against the version in service, against the fallback policy, and against what happened.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "recommend/audit/audits.hpp"
#include "recommend/replay/reliability.hpp"

namespace jobmedic::audits {
namespace {

constexpr int resamples = 1000;
constexpr std::uint64_t seed = 0;  // of resamples: an audit says the same whenever it is asked

double log_loss(double probability, bool fails) {
  constexpr double least = 1e-4;  // one error of great certainty must not decide
  const double p = std::clamp(probability, least, 1 - least);
  return -std::log(fails ? p : 1 - p);
}

// How much lower the log loss is, job by job.
class Gain {
 public:
  explicit Gain(std::size_t jobs) : gain_(jobs, 0), weight_(jobs, 0) {}
  void add(std::uint32_t job, double weight, double gain) {
    gain_[job] += weight * gain;
    weight_[job] += weight;
  }
  [[nodiscard]] std::size_t jobs() const {
    return static_cast<std::size_t>(std::count_if(weight_.begin(), weight_.end(), [](double w) { return w > 0; }));
  }
  [[nodiscard]] double mean(const std::vector<double>& times = {}) const {
    double gain = 0, weight = 0;
    for (std::size_t job = 0; job < gain_.size(); ++job) {
      const double count = times.empty() ? 1 : times[job];
      gain += count * gain_[job];
      weight += count * weight_[job];
    }
    return weight > 0 ? gain / weight : 0;
  }
  [[nodiscard]] replayed::Interval interval() const {
    Random random(seed);
    std::vector<double> means;
    means.reserve(resamples);
    for (int n = 0; n < resamples; ++n) means.push_back(mean(replayed::resample(gain_.size(), random)));
    return replayed::central(std::move(means));
  }

 private:
  std::vector<double> gain_, weight_;
};

std::uint32_t job_of(const model::Prepared& data, std::size_t row) {
  return data.job_of[data.batch.attempt_of(row)];
}

// Passed: surely above `bound`; failed: surely at most 0, and not above the bound.
Audit judge(std::string name, const Gain& gain, double bound, const std::string& than) {
  Audit audit{std::move(name), "undecided", std::nullopt, bound, std::nullopt, ""};
  if (gain.jobs() < fewest_jobs) {
    audit.words = fmt::format("{} jobs can be compared, {} are needed", gain.jobs(), fewest_jobs);
    return audit;
  }
  const replayed::Interval interval = gain.interval();
  audit.measured = gain.mean();
  audit.interval = {interval.low, interval.high};
  if (interval.low >= bound && (bound < 0 || interval.low > 0)) {
    audit.verdict = "passed";
  } else if (interval.high <= 0) {
    audit.verdict = "failed";
  }
  audit.words = fmt::format("log loss on {} held-out jobs {:.3f} {} than {}", gain.jobs(), std::abs(*audit.measured),
                            *audit.measured < 0 ? "higher" : "lower", than);
  return audit;
}

// How often retries of which the fallback policy says the same failed, on the other jobs.
class FallbackRates {
 public:
  FallbackRates(const model::Prepared& data, const std::vector<FallbackView>& views)
      : of_job_(data.jobs.size()), data_(data) {
    for (std::size_t row = 0; row < views.size(); ++row) {
      const double weight = data.weight[row];
      for (Counts* counts : {&all_, &of_job_[job_of(data, row)]}) {
        (*counts)[index(views[row])].weight += weight;
        (*counts)[index(views[row])].fails += data.fails[row] * weight;
      }
    }
  }
  [[nodiscard]] double probability(std::size_t row, FallbackView view) const {
    constexpr double prior = 0.5;  // of each end, so that nothing is certain
    const Count& all = all_[index(view)];
    const Count& own = of_job_[job_of(data_, row)][index(view)];
    return (all.fails - own.fails + prior) / (all.weight - own.weight + 2 * prior);
  }

 private:
  struct Count {
    double weight = 0, fails = 0;
  };
  using Counts = std::array<Count, 4>;
  static std::size_t index(FallbackView view) { return static_cast<std::size_t>(view); }
  Counts all_;
  std::vector<Counts> of_job_;
  const model::Prepared& data_;
};

}  // namespace

Audit better_than_serving(const model::Training& training, const Rivals& rivals) {
  constexpr double not_worse = -0.02;
  const ServingVersion& serving = rivals.serving_version();
  Audit audit{"better_than_serving", "undecided", std::nullopt, not_worse, std::nullopt, serving.problem()};
  if (serving.version().empty()) audit.words = "no version is in service";
  if (serving.unusable()) audit.verdict = "passed";
  if (!audit.words.empty()) return audit;
  const model::Prepared& data = training.data;
  Gain gain(data.jobs.size());
  for (std::size_t row = 0; row < training.held_out.size(); ++row) {
    const double said = rivals.serving()[row];
    if (std::isnan(said)) continue;
    const bool fails = data.fails[row] != 0;
    gain.add(job_of(data, row), data.weight[row], log_loss(said, fails) - log_loss(training.held_out[row], fails));
  }
  return judge(audit.name, gain, not_worse, serving.version());
}

Audit better_than_fallback(const model::Training& training, const Rivals& rivals) {
  const model::Prepared& data = training.data;
  const FallbackRates rates(data, rivals.fallback());
  Gain gain(data.jobs.size());
  for (std::size_t row = 0; row < training.held_out.size(); ++row) {
    const FallbackView view = rivals.fallback()[row];
    if (view == FallbackView::not_asked) continue;
    const bool fails = data.fails[row] != 0;
    gain.add(job_of(data, row), data.weight[row],
             log_loss(rates.probability(row, view), fails) - log_loss(training.held_out[row], fails));
  }
  return judge("better_than_fallback", gain, 0, "that of the fallback policy");
}

Audit calibration(const model::Training& training, const Rivals& rivals) {
  constexpr std::size_t fewest_examples = 1000;
  const model::Prepared& data = training.data;
  std::vector<replayed::Foretold> foretold;
  for (std::size_t row = 0; row < training.held_out.size(); ++row) {
    if (rivals.fallback()[row] == FallbackView::not_asked) continue;  // of a large history a sample is enough
    foretold.push_back({job_of(data, row), training.held_out[row], data.fails[row] != 0, data.weight[row]});
  }
  const replayed::Reliability found = replayed::reliability(foretold, resamples, seed);
  Audit audit{"calibration", "undecided", std::nullopt, replayed::acceptable, std::nullopt, ""};
  if (found.jobs == 0) {
    audit.words = "no example was held out";
    return audit;
  }
  audit.measured = found.error;
  audit.interval = {found.interval.low, found.interval.high};
  audit.words = fmt::format("debiased error {:.3f} on {} examples of {} jobs", found.error, found.examples, found.jobs);
  const bool enough = found.examples >= fewest_examples && found.jobs >= fewest_jobs;
  if (!enough) audit.words += fmt::format("; {} examples of {} jobs are needed", fewest_examples, fewest_jobs);
  if (enough && found.verdict == "good") audit.verdict = "passed";
  if (enough && found.verdict == "bad") audit.verdict = "failed";
  return audit;
}

}  // namespace jobmedic::audits
