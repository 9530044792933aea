#include "recommend/search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <span>
#include <tuple>

#include "jobmedic/error.hpp"
#include "jobmedic/optimizer.hpp"
#include "recommend/fallback.hpp"

namespace jobmedic::recommender {
namespace {

// One optimizer per trade-off between failure and money, all told everything: together they walk along the front from
// safe to cheap, whatever the policy's own weights are.
constexpr std::array<double, 3> cost_weights = {0.05, 0.2, 1.0};
// Believing in a candidate's value costs far less than learning it: a third of the fits, answers as good.
constexpr std::size_t asked_at_once = 3;
// A candidate is judged in a microsecond, and the lines through the best follow: a wide search would gain nothing.
constexpr double asking_effort = 0.16;
// A space with at most so many points is judged whole: that takes less time than thirty candidates from the optimizers
// and leaves nothing better to be found. So many at once, between two looks at the clock.
constexpr double most_swept = 4096;
constexpr std::uint64_t swept_at_once = 256;
// Of a larger one so many values of a parameter, so many times.
constexpr int most_values = 256;
constexpr int most_rounds = 4;
// Where memory failures are healed most often, as multiples of what the resource that failed had.
constexpr std::array<double, 4> first_factors = {1.5, 2, 3, 4};

bool usable(const Prediction& prediction) {
  return prediction.failure_probability >= 0 && prediction.failure_probability <= 1;
}

// All values of a parameter, or as many as there may be, spread over it.
std::vector<double> values_of(const Space& space, std::size_t i) {
  const Parameter& parameter = space.parameters[i];
  const double levels = space.levels(i);
  const bool all = levels > 0 && levels <= most_values;
  const int count = all ? static_cast<int>(levels) : most_values;
  std::vector<double> values;
  for (int k = 0; k < count; ++k) {
    const double share = static_cast<double>(k) / (most_values - 1);
    values.push_back(all ? space.level(i, k) : space.snap(i, parameter.min + share * (parameter.max - parameter.min)));
  }
  return values;
}

std::vector<Prediction> predict(const Question& question, std::span<const Point> candidates) {
  return question.model.predict(question.failed, question.verdict, question.configuration.space(), candidates,
                                question.past);
}

class Search {
 public:
  Search(const Question& question, const NarrowSpace& narrow)
      : question_(question), narrow_(narrow), base_(question.configuration.after({})) {}

  // The starts come first, so that even a search cut short has seen what heals most often.
  SearchResult run(const std::vector<Point>& starts, Deadline deadline) {
    result_.stopped_by = "deadline";
    if (is_over(deadline)) return std::move(result_);
    result_.unchanged = judge_unchanged(question_);
    const double size = narrow_.space.cardinality();
    if (size <= most_swept) {
      judge(unseen(starts));
      result_.stopped_by = sweep(static_cast<std::uint64_t>(size), deadline) ? "exhausted" : "deadline";
      result_.asked = result_.considered;
    } else {
      result_.stopped_by = walk(starts, deadline);
    }
    return std::move(result_);
  }

 private:
  static bool is_over(Deadline deadline) { return std::chrono::steady_clock::now() >= deadline; }

  // Every point, in strides so that any beginning is spread over the whole. False: the deadline passed.
  bool sweep(std::uint64_t size, Deadline deadline) {
    auto stride = static_cast<std::uint64_t>(0.618 * static_cast<double>(size)) + 1;
    while (std::gcd(stride, size) != 1) ++stride;
    for (std::uint64_t done = 0; done < size;) {
      std::vector<Point> batch;
      for (const std::uint64_t end = std::min(done + swept_at_once, size); done < end; ++done) {
        batch.push_back(narrow_.space.numbered(done * stride % size));
      }
      std::erase_if(batch, [&](const Point& point) { return seen_.contains(point); });
      if (is_over(deadline)) return false;
      judge(batch);
    }
    return true;
  }

  // policy.iterations candidates from the optimizers; then the lines through the best.
  std::string walk(const std::vector<Point>& starts, Deadline deadline) {
    for (std::size_t i = 0; i < cost_weights.size(); ++i) {
      optimizers_.emplace_back(narrow_.space, OptimizerOptions{question_.policy.seed + i, 0, asking_effort});
    }
    learn(fresh(starts));
    while (left() > 0) {
      if (is_over(deadline)) return "deadline";
      const std::vector<Point> batch = fresh(ask());
      if (batch.empty()) return "exhausted";
      learn(batch);
    }
    return finish(deadline) ? "iterations" : "deadline";
  }

  [[nodiscard]] std::size_t left() const {
    return static_cast<std::size_t>(question_.policy.iterations - result_.asked);
  }

  std::vector<Point> ask() {
    std::vector<Point> points;
    for (Optimizer& optimizer : optimizers_) {
      for (Point& point : optimizer.ask(asked_at_once)) points.push_back(std::move(point));
    }
    return points;
  }

  // The lines through the best, along each parameter, while that gains: cheaper than one candidate more from the
  // optimizers. False: the deadline passed.
  bool finish(Deadline deadline) {
    for (int round = 0; round < most_rounds; ++round) {
      const std::vector<Point> batch = unseen(lines());
      if (batch.empty()) return true;
      if (is_over(deadline)) return false;
      judge(batch);
    }
    return true;
  }

  [[nodiscard]] std::vector<Point> lines() const {
    std::vector<Point> points;
    for (const auto& best : best_) {
      for (std::size_t i = 0; i < best.point.size(); ++i) {
        for (const double value : values_of(narrow_.space, i)) {
          points.push_back(best.point);
          points.back()[i] = value;
        }
      }
    }
    return points;
  }

  std::vector<Point> unseen(std::vector<Point> points) {
    std::erase_if(points, [this](const Point& point) { return !seen_.insert(point).second; });
    return points;
  }

  // Those not seen before, at most as many as there are iterations left.
  std::vector<Point> fresh(const std::vector<Point>& points) {
    std::vector<Point> kept;
    for (const Point& point : points) {
      if (kept.size() < left() && seen_.insert(point).second) kept.push_back(point);
    }
    return kept;
  }

  [[nodiscard]] Point full(const Point& point) const {
    return question_.configuration.after(narrow_.changes(point, question_.configuration));
  }

  // What the optimizers learn from: not a number where the candidate is not allowed.
  struct Score {
    double failure_probability;
    double cost_ratio;
  };

  static double objective_of(const Score& score, std::size_t optimizer) {
    return score.failure_probability + cost_weights[optimizer] * score.cost_ratio;
  }

  void learn(const std::vector<Point>& batch) {
    const std::vector<Score> scores = judge(batch);
    result_.asked += static_cast<int>(batch.size());
    for (std::size_t o = 0; o < optimizers_.size(); ++o) {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        optimizers_[o].tell(batch[i], objective_of(scores[i], o));
      }
    }
  }

  std::vector<Score> judge(const std::vector<Point>& batch) {
    std::vector<Point> candidates;
    candidates.reserve(batch.size());
    for (const Point& point : batch) candidates.push_back(full(point));
    const std::vector<Prediction> predictions = predict(question_, candidates);
    std::vector<Score> scores;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      scores.push_back(take(batch[i], candidates[i], predictions[i]));
      for (std::size_t o = 0; o < best_.size(); ++o) {
        const double value = objective_of(scores.back(), o);
        if (value < best_[o].value) best_[o] = {batch[i], value};
      }
    }
    result_.considered += static_cast<int>(batch.size());
    return scores;
  }

  Score take(const Point& point, const Point& values, const Prediction& prediction) {
    Judged judged{narrow_.changes(point, question_.configuration), prediction, cost_ratio(prediction, values)};
    const Score score{prediction.failure_probability, judged.cost_ratio};
    if (!usable(prediction) || question_.configuration.broken(values) != nullptr) return {std::nan(""), std::nan("")};
    if (!judged.changes.empty()) result_.judged.push_back(std::move(judged));
    return score;
  }

  // By the model's money; by size and price where it has none.
  [[nodiscard]] double cost_ratio(const Prediction& prediction, const Point& values) const {
    const double money = prediction.cost_usd / result_.unchanged->cost_usd;
    if (std::isfinite(money) && money > 0) return money;
    const double size = question_.configuration.hourly_usd(values, question_.policy) /
                        question_.configuration.hourly_usd(base_, question_.policy);
    return std::isfinite(size) && size > 0 ? size : 1;
  }

  const Question& question_;
  const NarrowSpace& narrow_;
  Point base_;
  std::vector<Optimizer> optimizers_;
  struct Best {
    Point point;
    double value = std::numeric_limits<double>::infinity();
  };
  std::array<Best, cost_weights.size()> best_;  // by each trade-off
  std::set<Point> seen_;
  SearchResult result_;
};

std::vector<Point> starts_of(const NarrowSpace& narrow, const Remedy& remedy, const Configuration& configuration,
                             const Policy& policy) {
  std::vector<Point> starts;
  const double now = *configuration.value(narrow.parameters.front());
  const auto add = [&](double value) {
    Point point = narrow.start;
    point.front() = narrow.space.snap(0, value);
    if (narrow.space.feasible(point)) starts.push_back(std::move(point));
  };
  for (const double factor : first_factors) add(now * factor);
  add(narrow.space.parameters.front().max);
  Point planned = narrow.start;
  const Plan fallback = plan(remedy, configuration, policy);
  for (std::size_t i = 0; i < planned.size(); ++i) {
    const auto found = fallback.changes.find(narrow.parameters[i]);
    if (found != fallback.changes.end()) planned[i] = narrow.space.snap(i, found->second);
  }
  if (narrow.space.feasible(planned)) starts.push_back(std::move(planned));
  return starts;
}

}  // namespace

SearchResult search(const Question& question, const Remedy& remedy, const NarrowSpace& narrow, Deadline deadline) {
  const std::vector<Point> starts = starts_of(narrow, remedy, question.configuration, question.policy);
  return Search(question, narrow).run(starts, deadline);
}

Prediction judge_unchanged(const Question& question) {
  const Point unchanged = question.configuration.after({});
  const Prediction prediction = predict(question, {&unchanged, 1}).at(0);
  if (!usable(prediction)) throw Error(Status::model, "the model predicts no probability for this attempt");
  return prediction;
}

double objective(const Judged& judged, const Policy& policy) {
  return policy.alpha * judged.prediction.failure_probability + policy.beta * judged.cost_ratio;
}

const Judged* best_of(const std::vector<Judged>& judged, const Policy& policy) {
  const Judged* best = nullptr;
  // Ties go to the safer one, then to the smaller change.
  const auto rank = [&](const Judged& j) {
    return std::tuple(objective(j, policy), j.prediction.failure_probability, j.changes.size());
  };
  for (const Judged& candidate : judged) {
    if (candidate.prediction.failure_probability > policy.max_failure_probability) continue;
    if (best == nullptr || rank(candidate) < rank(*best)) best = &candidate;
  }
  return best;
}

}  // namespace jobmedic::recommender
