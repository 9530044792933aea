#include "recommend/replay/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/hash.hpp"
#include "core/random.hpp"
#include "jobmedic/error.hpp"
#include "recommend/model/examples.hpp"
#include "recommend/model/features.hpp"
#include "recommend/model/peaks.hpp"
#include "recommend/replay/grid.hpp"

namespace jobmedic::replayed {
namespace {

constexpr double seconds_per_hour = 3600;

// The try after `previous`, before anything is known of it.
Attempt next_try(const Attempt& previous, const std::string& config) {
  Attempt next = previous;
  next.document.clear();
  ++next.attempt;
  next.config = config;
  return next;
}

class GridAnswers final : public Answers {
 public:
  /// `everyone`: all grids in one, which knows more prices.
  GridAnswers(std::shared_ptr<const Grid> grid, std::shared_ptr<const Grid> everyone, const Attempt& failed,
              double most_memory)
      : grid_(std::move(grid)),
        everyone_(std::move(everyone)),
        own_(grid_->row(failed.config)),
        seconds_(failed.duration_s.value_or(seconds_per_hour)),
        most_memory_(most_memory),
        least_(own_->least_above(grid_->memory_of(failed.config))) {}

  Attempt retry(const Attempt& previous, const std::string& config) const override {
    const double memory = std::min(grid_->memory_of(config), most_memory_);
    const auto [row, least] = judge(config, memory);
    const bool works = least && memory >= *least;
    Attempt next = next_try(previous, config);
    if (const Attempt* like = row->failure_near(memory); like != nullptr && !works) next.metrics = like->metrics;
    const double seconds = works ? row->seconds(*row->least_above(0), true) : seconds_;
    next.duration_s = works && row == own_ ? row->seconds(*least, true) : seconds;
    next.outcome->succeeded = works;
    next.outcome->cost_usd = *next.duration_s / seconds_per_hour * hourly_usd(*row, memory);
    if (works) next.outcome->rule = next.outcome->category = "";
    return next;
  }
  double oracle_usd() const override {
    return least_ ? own_->seconds(*least_, true) / seconds_per_hour * hourly_usd(*own_, *least_) : 0;
  }
  bool healable() const override { return least_.has_value(); }
  [[nodiscard]] bool known() const { return least_ || own_->failed_at(most_memory_); }

 private:
  struct Judgement {
    const Row* row;
    std::optional<double> least;  // that works; none: nothing does
  };

  // The nearest row that tells. The failed attempt's own row is held to what was measured, as it is for a policy that
  // changes nothing but memory: what lies between its failures and its successes counts as a failure.
  [[nodiscard]] Judgement judge(const std::string& config, double memory) const {
    const Row* row = grid_->row(config);
    if (row == own_) return {own_, least_};
    const std::vector<const Row*> rows = grid_->by_distance(config);
    for (const Row* near : rows) {
      if (near == own_ && least_) return {own_, least_};
      if (near->works_with(memory)) return {near, near->least_above(0)};
    }
    const auto working = std::find_if(rows.begin(), rows.end(), [](const Row* near) { return near->least_above(0); });
    if (working == rows.end()) return {row != nullptr ? row : own_, std::nullopt};
    return {*working, (*working)->least_above(0)};
  }

  // What this row paid, carried to another amount of memory as all rows with its settings did.
  [[nodiscard]] double hourly_usd(const Row& row, double memory) const {
    const Row& all = *everyone_->row(row.config());
    return row.hourly_usd(row.first()) * all.hourly_usd(memory) / all.hourly_usd(row.first());
  }

  std::shared_ptr<const Grid> grid_;
  std::shared_ptr<const Grid> everyone_;
  const Row* own_;
  double seconds_;  // of the failed attempt
  double most_memory_;
  std::optional<double> least_;
};

class PeakAnswers final : public Answers {
 public:
  PeakAnswers(const Attempt& recorded, model::Peak peak, const Space& space, double most_memory)
      : recorded_(recorded), peak_(std::move(peak)), space_(space), most_memory_(most_memory) {}

  Attempt retry(const Attempt& previous, const std::string& config) const override {
    Attempt next = next_try(previous, config);
    const double memory = std::min(model::configured(next, space_)[peak_.parameter], most_memory_);
    next = model::tried_with(recorded_, peak_, space_, memory);
    next.run = previous.run;
    next.attempt = previous.attempt + 1;
    return next;
  }
  double oracle_usd() const override {
    return *model::tried_with(recorded_, peak_, space_, peak_.least).outcome->cost_usd;
  }
  bool healable() const override { return true; }

 private:
  const Attempt& recorded_;
  model::Peak peak_;
  const Space& space_;
  double most_memory_;
};

// Later tries of the same run: what they did, whatever they are given; the last one speaks for those that never were.
class RunAnswers final : public Answers {
 public:
  explicit RunAnswers(std::vector<const Attempt*> later) : later_(std::move(later)) {}
  Attempt retry(const Attempt& previous, const std::string& config) const override {
    const auto found = std::find_if(later_.begin(), later_.end(),
                                    [&](const Attempt* attempt) { return attempt->attempt > previous.attempt; });
    const Attempt& recorded = found != later_.end() ? **found : *later_.back();
    Attempt next = recorded;
    next.attempt = previous.attempt + 1;
    next.config = config;
    return next;
  }
  double oracle_usd() const override {
    const auto good = first_good();
    return good == later_.end() ? 0 : (*good)->outcome->cost_usd.value_or(0);
  }
  bool healable() const override { return first_good() != later_.end(); }

 private:
  [[nodiscard]] std::vector<const Attempt*>::const_iterator first_good() const {
    return std::find_if(later_.begin(), later_.end(), [](const Attempt* a) { return a->outcome->succeeded; });
  }
  std::vector<const Attempt*> later_;
};

class Builder {
 public:
  Builder(std::span<const Attempt> history, const Space& space, const std::string& memory, std::uint64_t seed)
      : history_(history), space_(space), seed_(seed) {
    read();
    cases_.memory = choose(memory);
    for (const Point& point : points_) {
      if (!point.empty() && point[cases_.memory] > cases_.most_memory) cases_.most_memory = point[cases_.memory];
    }
  }

  Cases take() {
    everyone_ = std::make_shared<Grid>(space_, cases_.memory);
    for (std::size_t i = 0; i < history_.size(); ++i) collect(i);
    for (std::size_t i = 0; i < history_.size(); ++i) add(i);
    return std::move(cases_);
  }

 private:
  void read() {
    for (const Attempt& attempt : history_) {
      points_.emplace_back();
      try {
        if (attempt.outcome) points_.back() = model::configured(attempt, space_);
      } catch (const Error&) {  // not readable: tells nothing
        points_.back().clear();
      }
    }
  }

  [[nodiscard]] std::size_t choose(const std::string& name) const {
    for (std::size_t i = 0; i < space_.parameters.size(); ++i) {
      const Parameter& parameter = space_.parameters[i];
      if (name.empty() ? is_memory(parameter) && varied(i) : parameter.name == name) return i;
    }
    throw Error(Status::invalid_argument,
                name.empty()
                    ? "no amount of memory of this space took several values in the history: name the engine or "
                      "the space it was recorded with"
                    : fmt::format("the space has no parameter \"{}\"", name));
  }

  [[nodiscard]] bool varied(std::size_t parameter) const {
    std::set<double> values;
    for (const Point& point : points_) {
      if (!point.empty() && std::isfinite(point[parameter])) values.insert(point[parameter]);
    }
    return values.size() > 1;
  }

  [[nodiscard]] bool usable(std::size_t i) const {
    return !points_[i].empty() && std::isfinite(points_[i][cases_.memory]) &&
           history_[i].outcome->category != "cancelled";
  }

  void collect(std::size_t i) {
    if (points_[i].empty() || history_[i].outcome->category == "cancelled") return;
    const Attempt& attempt = history_[i];
    if (!model::is_grid(attempt)) {
      runs_[model::group_of(attempt)].push_back(&attempt);
    } else if (usable(i)) {
      auto& grid = grids_[model::group_of(attempt)];
      if (!grid) grid = std::make_shared<Grid>(space_, cases_.memory);
      grid->add(attempt);
      everyone_->add(attempt);
    }
  }

  void add(std::size_t i) {
    const Attempt& attempt = history_[i];
    if (points_[i].empty() || attempt.outcome->category == "cancelled") return;
    if (attempt.outcome->succeeded) {
      add_peak(attempt);
      return;
    }
    ++cases_.failures;
    const bool answered = model::is_grid(attempt) ? usable(i) && add_grid(attempt) : add_run(attempt);
    if (!answered) ++cases_.unanswered;
  }

  bool add_grid(const Attempt& failed) {
    auto answers =
        std::make_shared<GridAnswers>(grids_.at(model::group_of(failed)), everyone_, failed, cases_.most_memory);
    if (!answers->known()) return false;
    cases_.list.push_back({failed, std::move(answers)});
    return true;
  }

  bool add_run(const Attempt& failed) {
    std::vector<const Attempt*> later;
    for (const Attempt* attempt : runs_.at(model::group_of(failed))) {
      if (attempt->attempt > failed.attempt) later.push_back(attempt);
    }
    if (later.empty()) return false;
    std::sort(later.begin(), later.end(), [](const auto* a, const auto* b) { return a->attempt < b->attempt; });
    cases_.list.push_back({failed, std::make_shared<RunAnswers>(std::move(later))});
    return true;
  }

  // Each run draws its own numbers, so that others do not change them.
  void add_peak(const Attempt& recorded) {
    auto peak = model::peak_of(recorded, space_);
    if (!peak || !recorded.outcome->cost_usd) return;
    if (peak->least * model::least_share < space_.parameters[peak->parameter].min) {
      ++cases_.too_small;
      return;
    }
    Random random(hash64(recorded.job + '\0' + recorded.run, seed_));
    const double memory = std::floor(peak->least * model::draw_share(random));
    Attempt failed = model::tried_with(recorded, *peak, space_, memory);
    failed.attempt = 1;
    cases_.list.push_back(
        {std::move(failed), std::make_shared<PeakAnswers>(recorded, *peak, space_, cases_.most_memory)});
    ++cases_.drawn;
  }

  std::span<const Attempt> history_;
  const Space& space_;
  std::uint64_t seed_;
  std::vector<Point> points_;  // empty: unreadable, or without an outcome
  std::map<std::string, std::shared_ptr<Grid>> grids_;
  std::shared_ptr<Grid> everyone_;
  std::map<std::string, std::vector<const Attempt*>> runs_;
  Cases cases_;
};

}  // namespace

Space permitted(Space space, const Cases& cases) {
  double& most = space.parameters[cases.memory].max;
  most = std::min(most, cases.most_memory);
  return space;
}

Cases cases_of(std::span<const Attempt> history, const Space& space, const std::string& memory, std::uint64_t seed) {
  return Builder(history, space, memory, seed).take();
}

}  // namespace jobmedic::replayed
