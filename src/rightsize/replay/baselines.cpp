#include "rightsize/replay/baselines.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "jobmedic/rightsize.hpp"
#include "rightsize/sizer.hpp"

namespace jobmedic::sizing {
namespace {

class WittPercentile : public Method {
 public:
  double first(const Task& /*task*/) override {
    const double position = 0.95 * static_cast<double>(peaks_.size() - 1);  // linear interpolation, as numpy does
    const auto below = static_cast<std::size_t>(position);
    const double share = position - static_cast<double>(below);
    const double next = peaks_[std::min(below + 1, peaks_.size() - 1)];
    return peaks_[below] + share * (next - peaks_[below]);
  }
  double retry(double failed) override { return 2 * failed; }
  void learn(const Task& task) override {
    peaks_.insert(std::upper_bound(peaks_.begin(), peaks_.end(), task.peak), task.peak);
  }

 private:
  std::vector<double> peaks_;  // ascending
};

double deviation(const std::vector<double>& values, bool positive_only) {
  double n = 0;
  double mean = 0;
  double squares = 0;  // Welford 1962
  for (const double value : values) {
    if (positive_only && value <= 0) continue;
    n += 1;
    const double delta = value - mean;
    mean += delta / n;
    squares += delta * (value - mean);
  }
  return n > 0 ? std::sqrt(squares / n) : 0;
}

class WittRegression : public Method {
 public:
  WittRegression(Offset offset, std::vector<double>& errors) : offset_(offset), errors_(errors) {}

  double first(const Task& task) override {
    const auto n = static_cast<double>(tasks_.size());
    double x = 0;
    double y = 0;
    for (const Task& each : tasks_) {
      x += each.input / n;
      y += each.peak / n;
    }
    double xx = 0;
    double xy = 0;
    for (const Task& each : tasks_) {
      xx += (each.input - x) * (each.input - x);
      xy += (each.input - x) * (each.peak - y);
    }
    const double predicted = y + (xx > 0 ? xy / xx : 0) * (task.input - x);
    const double more = deviation(errors_, offset_ == Offset::under_predictions);
    errors_.push_back((task.peak - predicted) / task.peak);
    return predicted + more * predicted;
  }
  double retry(double failed) override { return failed < 0 ? largest_ : 2 * failed; }
  void learn(const Task& task) override {
    tasks_.push_back(task);
    largest_ = std::max(largest_, task.peak);
  }

 private:
  Offset offset_;
  std::vector<double>& errors_;
  std::vector<Task> tasks_;
  double largest_ = 0;
};

class Tovar : public Method {
 public:
  double first(const Task& /*task*/) override {
    double above = 0;  // time of the tasks with a larger peak
    double same = 0;
    double best = tasks_.front().peak * time_;
    double allocation = tasks_.front().peak;
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (i > 0 && tasks_[i].peak != tasks_[i - 1].peak) above += std::exchange(same, 0);
      same += tasks_[i].duration;
      const double expected = tasks_[i].peak * time_ + tasks_.front().peak * above;
      if (expected < best) {
        best = expected;
        allocation = tasks_[i].peak;
      }
    }
    return allocation;
  }
  double retry(double failed) override {
    constexpr double node = 128e9;
    return failed < tasks_.front().peak ? tasks_.front().peak : node;
  }
  void learn(const Task& task) override {
    const auto place = std::upper_bound(tasks_.begin(), tasks_.end(), task,
                                        [](const Task& a, const Task& b) { return a.peak > b.peak; });
    tasks_.insert(place, task);
    time_ += task.duration;
  }

 private:
  std::vector<Task> tasks_;  // largest peak first
  double time_ = 0;
};

class Adaptive : public Method {
 public:
  explicit Adaptive(Calibration& calibration) : calibration_(calibration) {}

  double first(const Task& task) override {
    const double input[] = {task.input};
    const auto sizing = sizer_.size(input);
    if (!sizing) return task.requested;
    const auto bin = std::find_if(calibration_.begin(), calibration_.end(),
                                  [&](const Foretold& each) { return sizing->failure_probability <= each.up_to; });
    ++bin->tasks;
    bin->expected += sizing->failure_probability;
    bin->failed += sizing->allocation < task.peak ? 1 : 0;
    return sizing->allocation;
  }
  double retry(double failed) override { return sizer_.retry(failed); }
  void learn(const Task& task) override { sizer_.observe({{task.input}, task.peak, task.duration}); }

 private:
  Calibration& calibration_;
  static constexpr double gbh_in_byte_ms = 1e9 * 3'600'000;
  Sizer sizer_{1, RightsizePolicy{}.failure_price_gbh* gbh_in_byte_ms, RightsizePolicy{}.failure_price_runs};
};

}  // namespace

std::unique_ptr<Method> witt_percentile() {
  return std::make_unique<WittPercentile>();
}
std::unique_ptr<Method> witt_regression(Offset offset, std::vector<double>& errors) {
  return std::make_unique<WittRegression>(offset, errors);
}
std::unique_ptr<Method> tovar() {
  return std::make_unique<Tovar>();
}
std::unique_ptr<Method> adaptive(Calibration& calibration) {
  return std::make_unique<Adaptive>(calibration);
}

Bill charge(Method& method, const Task& task) {
  Bill bill;
  double allocation = method.first(task);
  while (allocation < task.peak) {
    bill.gbh += gbh(allocation, task.duration);
    ++bill.failures;
    allocation = method.retry(allocation);
  }
  bill.gbh += gbh(allocation - task.peak, task.duration);
  return bill;
}

}  // namespace jobmedic::sizing
