#include "recommend/model/past.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace jobmedic::model {
namespace {

constexpr double same_input = 0.07;  // octaves: inputs less than 5 % apart are the same
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// How many octaves larger the input of `attempt` is; 0 where one of them is not known.
double more_input(const Attempt& attempt, const Attempt& than) {
  const auto a = attempt.metrics.find("input_bytes");
  const auto b = than.metrics.find("input_bytes");
  const bool known = a != attempt.metrics.end() && b != than.metrics.end() && a->second > 0 && b->second > 0;
  return known ? std::log2(a->second / b->second) : 0;
}

bool same_but(std::size_t parameter, const Point& a, const Point& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (i != parameter && a[i] != b[i] && !(std::isnan(a[i]) && std::isnan(b[i]))) return false;
  }
  return true;
}

// A straight line through (octaves of input, octaves of peak), pulled towards the square root of the input where few
// runs speak, as a guess for one more input.
class Line {
 public:
  void add(double input, double peak) {
    inputs_.push_back(input);
    peaks_.push_back(peak);
  }
  [[nodiscard]] bool empty() const { return inputs_.empty(); }
  void guess(double input, Lessons& into) const {
    constexpr double usual_slope = 0.5, pull = 1;
    constexpr double usual_spread = 0.25, doubt = 1;
    const auto n = static_cast<double>(inputs_.size());
    double mean_input = 0, mean_peak = 0;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      mean_input += inputs_[i] / n;
      mean_peak += peaks_[i] / n;
    }
    double xx = 0, xy = 0;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      xx += (inputs_[i] - mean_input) * (inputs_[i] - mean_input);
      xy += (inputs_[i] - mean_input) * (peaks_[i] - mean_peak);
    }
    const double slope = (xy + pull * usual_slope) / (xx + pull);
    double squares = doubt * usual_spread * usual_spread;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const double miss = peaks_[i] - mean_peak - slope * (inputs_[i] - mean_input);
      squares += miss * miss;
    }
    const double away = input - mean_input;
    into.need = mean_peak + slope * away;
    into.spread = std::sqrt(squares / (n + doubt) * (1 + 1 / n + away * away / (xx + pull)));
  }

 private:
  std::vector<double> inputs_, peaks_;
};

}  // namespace

std::optional<TimePoint> end_of(const Attempt& attempt) {
  const auto started = attempt.started_at.empty() ? std::nullopt : parse_time(attempt.started_at);
  if (!started) return std::nullopt;
  const std::chrono::duration<double> lasted(attempt.duration_s.value_or(0));
  return *started + std::chrono::duration_cast<TimePoint::duration>(lasted);
}

Pasts::Pasts(std::span<const Attempt> history) {
  for (const Attempt& attempt : history) {
    if (attempt.outcome && attempt.outcome->category != "cancelled") {
      by_job_[attempt.job].ended.push_back({end_of(attempt), &attempt});
    }
  }
  for (auto& [job, runs] : by_job_) {
    auto& ended = runs.ended;
    std::stable_sort(ended.begin(), ended.end(), [](const Ended& a, const Ended& b) { return a.end < b.end; });
    runs.by_run.resize(ended.size());
    std::iota(runs.by_run.begin(), runs.by_run.end(), 0U);
    std::stable_sort(runs.by_run.begin(), runs.by_run.end(),
                     [&](auto a, auto b) { return ended[a].attempt->run < ended[b].attempt->run; });
  }
}

std::vector<const Attempt*> Pasts::before(const Attempt& failed) const {
  const auto found = by_job_.find(failed.job);
  if (found == by_job_.end()) return {};
  const std::vector<Ended>& ended = found->second.ended;
  const std::vector<std::uint32_t>& by_run = found->second.by_run;
  std::vector<std::uint32_t> places;  // the newest first
  const auto first = std::lower_bound(by_run.begin(), by_run.end(), failed.run,
                                      [&](auto i, const std::string& run) { return ended[i].attempt->run < run; });
  for (auto place = first; place != by_run.end() && ended[*place].attempt->run == failed.run; ++place) {
    if (ended[*place].attempt->attempt < failed.attempt) places.push_back(*place);
  }
  const std::size_t tries = places.size();
  const auto end = end_of(failed);
  const auto later = std::upper_bound(ended.begin(), ended.end(), end,
                                      [](const auto& time, const Ended& run) { return time < run.end; });
  for (auto run = later; end && run != ended.begin() && places.size() < tries + most_past_runs;) {
    --run;
    if (!run->end) break;
    if (run->attempt->run != failed.run) places.push_back(static_cast<std::uint32_t>(run - ended.begin()));
  }
  std::sort(places.begin(), places.end(), std::greater<>());
  if (places.size() > most_past_runs) places.resize(most_past_runs);
  std::vector<const Attempt*> past;
  past.reserve(places.size());
  std::transform(places.rbegin(), places.rend(), std::back_inserter(past),
                 [&](std::uint32_t place) { return ended[place].attempt; });
  return past;
}

Lessons lessons_of(const Attempt& failed, const Point& before, std::span<const PastRun> past, const Space& space,
                   std::size_t parameter, const std::string& peak) {
  Lessons lessons = {nan, nan, nan, before[parameter] > 0 ? std::log2(before[parameter]) : nan, nan, nan, nan};
  if (past.empty()) return lessons;
  const double now = lessons.failed;
  const double unit = bytes_per_unit(space.parameters[parameter]);
  const auto lower = [now](double& least, double octaves) {
    if (octaves > now) least = std::fmin(least, octaves);
  };
  Line line;
  for (const PastRun& run : past) {
    const double given = run.point[parameter] > 0 ? std::log2(run.point[parameter]) : nan;
    const double more = more_input(failed, *run.attempt);
    const bool alike = same_but(parameter, run.point, before);
    if (!run.attempt->outcome->succeeded) {
      const bool of_memory = run.attempt->outcome->category == "memory_config";
      if (of_memory && alike && more > -same_input) lessons.failed = std::fmax(lessons.failed, given);
      continue;
    }
    if (alike && more < same_input) lower(lessons.proven, given);
    if (alike && more >= same_input) lower(lessons.guessed, given + more);
    if (!alike) lower(lessons.other, given + std::fmax(more, 0));
    const auto used = run.attempt->metrics.find(peak);
    if (used != run.attempt->metrics.end() && used->second > 0) line.add(-more, std::log2(used->second / unit));
  }
  if (!line.empty()) line.guess(0, lessons);
  lessons.runs = std::log2(static_cast<double>(past.size()));
  return lessons;
}

}  // namespace jobmedic::model
