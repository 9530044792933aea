#include "recommend/model/examples.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

#include "core/hash.hpp"
#include "core/random.hpp"
#include "jobmedic/error.hpp"
#include "recommend/model/peaks.hpp"

namespace jobmedic::model {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t max_retries_per_failure = 256;  // of a large grid, evenly spread

std::string label(const Attempt& attempt, const char* name) {
  const auto found = attempt.labels.find(name);
  return found == attempt.labels.end() ? std::string() : found->second;
}

bool tells_something(const Attempt& attempt) {
  return attempt.outcome && attempt.outcome->category != "cancelled";
}

class Builder {
 public:
  Builder(std::span<const Attempt> history, const Space& space) : history_(history), space_(space), pasts_(history) {
    points_.resize(history.size());
    set_.attempts = history.size();
    for (std::size_t i = 0; i < history.size(); ++i) read(i);
    for (std::size_t i = 0; i < history.size(); ++i) add(i);
  }
  ExampleSet take() { return std::move(set_); }

 private:
  void read(std::size_t i) {
    if (!history_[i].outcome) return;
    if (!history_[i].outcome->succeeded) ++set_.failures;
    try {
      points_[i] = configured(history_[i], space_);
      groups_[group_of(history_[i])].push_back(i);
    } catch (const Error&) {
      ++set_.unreadable;
    }
  }

  [[nodiscard]] std::vector<std::size_t> retries_of(std::size_t failed) const {
    const Attempt& attempt = history_[failed];
    std::vector<std::size_t> retries;
    for (const std::size_t i : groups_.at(group_of(attempt))) {
      if (i == failed || !tells_something(history_[i])) continue;
      if (is_grid(attempt) || history_[i].attempt > attempt.attempt) retries.push_back(i);
    }
    if (retries.size() <= max_retries_per_failure) return retries;
    std::vector<std::size_t> spread;
    for (std::size_t k = 0; k < max_retries_per_failure; ++k) {
      spread.push_back(retries[k * retries.size() / max_retries_per_failure]);
    }
    return spread;
  }

  void add(std::size_t i) {
    const Attempt& attempt = history_[i];
    if (!tells_something(attempt) || points_[i].empty()) return;
    if (attempt.outcome->succeeded) {
      add_drawn(i);
      return;
    }
    std::vector<Example> examples;
    for (const std::size_t retry : retries_of(i)) {
      const Outcome& outcome = *history_[retry].outcome;
      examples.push_back({0, points_[retry], !outcome.succeeded, outcome.cost_usd.value_or(unknown), 0});
    }
    add(attempt, std::move(examples));
  }

  // One failure per success with a peak, and tries spread over the octaves above it.
  void add_drawn(std::size_t i) {
    const Attempt& recorded = history_[i];
    const auto peak = peak_of(recorded, space_);
    if (!peak || peak->least * least_share < space_.parameters[peak->parameter].min) return;
    Random random(hash64(recorded.job + '\0' + recorded.run));
    const double memory = std::floor(peak->least * draw_share(random));
    set_.drawn.push_back(tried_with(recorded, *peak, space_, memory));
    std::vector<Example> examples;
    constexpr int strata = 5;
    for (int n = 0; n <= strata + 1; ++n) {  // the first as it was, the last with certainty enough
      const double share = n == 0 ? 0 : std::min((n - 1 + random.uniform()) / strata, 1.0);
      const double octaves = -std::log2(least_share) * (n > strata ? 1 : share);
      Example example{0, points_[i], false, unknown, 0};
      example.point[peak->parameter] = std::ceil(memory * std::exp2(octaves));
      const Outcome outcome = *tried_with(recorded, *peak, space_, example.point[peak->parameter]).outcome;
      example.fails = !outcome.succeeded;
      example.cost_usd = outcome.cost_usd.value_or(unknown);
      examples.push_back(std::move(example));
    }
    add(set_.drawn.back(), examples);
  }

  void add(const Attempt& failed, const std::vector<Example>& examples) {
    if (examples.empty()) return;
    std::vector<PastRun> past, tries;
    for (const Attempt* attempt : pasts_.before(failed)) {
      const Point& point = points_[static_cast<std::size_t>(attempt - history_.data())];
      if (point.empty()) continue;
      if (attempt->run == failed.run) tries.push_back({attempt, point});
      past.push_back({attempt, point});
    }
    set_.verdicts.push_back(recorded_verdict(failed));
    const bool twice = past.size() > tries.size();
    const double weight = (twice ? 0.5 : 1.0) / static_cast<double>(examples.size());
    if (twice) add(failed, std::move(past), examples, weight);
    add(failed, std::move(tries), examples, weight);
  }

  void add(const Attempt& failed, std::vector<PastRun> past, const std::vector<Example>& examples, double weight) {
    const auto number = static_cast<std::uint32_t>(set_.failed.size());
    set_.failed.emplace_back(failed, set_.verdicts.back(), space_, std::move(past));
    set_.job_of.push_back(job_index(failed.job));
    for (const Example& example : examples) {
      set_.examples.push_back(example);
      set_.examples.back().failed = number;
      set_.examples.back().weight = weight;
    }
  }

  std::uint32_t job_index(const std::string& job) {
    const auto [place, fresh] = job_index_.emplace(job, static_cast<std::uint32_t>(set_.jobs.size()));
    if (fresh) set_.jobs.push_back(job);
    return place->second;
  }

  std::span<const Attempt> history_;
  const Space& space_;
  Pasts pasts_;
  ExampleSet set_;
  std::vector<Point> points_;  // empty: unreadable
  std::unordered_map<std::string, std::vector<std::size_t>> groups_;
  std::unordered_map<std::string, std::uint32_t> job_index_;
};

}  // namespace

bool is_grid(const Attempt& attempt) {
  const std::string grid = label(attempt, "grid");
  return !grid.empty() && grid != "no";
}

std::string group_of(const Attempt& attempt) {
  const bool grid = is_grid(attempt);
  return (grid ? "grid" : "run") + ('\0' + attempt.job) + '\0' + (grid ? label(attempt, "input") : attempt.run);
}

ExampleSet make_examples(std::span<const Attempt> history, const Space& space) {
  return Builder(history, space).take();
}

Classification recorded_verdict(const Attempt& attempt) {
  Classification verdict;
  if (!attempt.outcome) return verdict;
  verdict.classified = !attempt.outcome->category.empty();
  verdict.rule = attempt.outcome->rule;
  verdict.category = attempt.outcome->category;
  return verdict;
}

std::vector<std::uint32_t> folds_by_job(std::span<const std::uint32_t> job_of, std::size_t jobs, std::uint32_t folds,
                                        std::uint64_t seed) {
  std::vector<std::size_t> size(jobs, 0);
  for (const std::uint32_t job : job_of) ++size[job];
  std::vector<std::uint32_t> order(jobs);
  std::iota(order.begin(), order.end(), 0U);
  Random(seed).shuffle(order);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return size[a] > size[b]; });
  std::vector<std::size_t> load(folds, 0);
  std::vector<std::uint32_t> fold_of_job(jobs);
  for (const std::uint32_t job : order) {  // the largest job first, each to the emptiest fold
    const auto fold = std::min_element(load.begin(), load.end()) - load.begin();
    fold_of_job[job] = static_cast<std::uint32_t>(fold);
    load[static_cast<std::size_t>(fold)] += size[job];
  }
  std::vector<std::uint32_t> fold_of;
  fold_of.reserve(job_of.size());
  for (const std::uint32_t job : job_of) fold_of.push_back(fold_of_job[job]);
  return fold_of;
}

}  // namespace jobmedic::model
