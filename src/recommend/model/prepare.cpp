#include "recommend/model/prepare.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "jobmedic/error.hpp"
#include "recommend/model/cost.hpp"
#include "recommend/model/schema_fit.hpp"

namespace jobmedic::model {
namespace {

[[noreturn]] void cannot_learn(const std::string& why) {
  throw Error(Status::model, "nothing to learn from: " + why);
}

double first_end(const Attempt& attempt) {
  const auto end = end_of(attempt);
  if (!end || attempt.attempt != 1) return std::numeric_limits<double>::quiet_NaN();
  return std::chrono::duration<double>(end->time_since_epoch()).count();
}

class Reader {
 public:
  Reader(const History& history, const Space& space, const std::function<void(double, std::string_view)>& progress)
      : history_(history), space_(space), progress_(progress), fit_(space) {}

  Prepared read(const Witness& witness) {
    each_part([&](const ExampleSet& set, std::span<const Attempt> part) { look_at(set, part); });
    check();
    fit_.choose();
    reading_ = 1;
    each_part([&](const ExampleSet& set, std::span<const Attempt> part) { fit_.measure(set, part); });
    result_.schema = fit_.result();
    result_.offset = weight_ > 0 ? log_costs_ / weight_ : 0;
    reading_ = 2;
    each_part([&](const ExampleSet& set, std::span<const Attempt>) {
      add(set);
      if (witness) witness(set, failed_);
    });
    return std::move(result_);
  }

 private:
  template <typename Visit>
  void each_part(const Visit& visit) {
    std::size_t seen = 0;
    history_([&](std::span<const Attempt> part) {
      visit(make_examples(part, space_), part);
      seen += part.size();
      if (!progress_) return;
      const double share = reading_ == 0 ? 0 : static_cast<double>(seen) / static_cast<double>(result_.attempts);
      progress_((reading_ + std::min(share, 1.0)) / 3, fmt::format("reading, {} attempts", seen));
    });
  }

  // The first reading: what there is.
  void look_at(const ExampleSet& set, std::span<const Attempt> part) {
    fit_.look_at(set);
    result_.attempts += set.attempts;
    result_.failures += set.failures;
    result_.unreadable += set.unreadable;
    result_.with_a_retry += set.verdicts.size();
    drawn_ += set.drawn.size();
    failed_ += set.failed.size();
    for (const Example& example : set.examples) {
      ++examples_;
      if (example.fails) ++failing_;
      if (std::isnan(example.cost_usd)) continue;
      log_costs_ += example.weight * log_cost(example.cost_usd);
      weight_ += example.weight;
    }
    for (const Attempt& attempt : part) widen(attempt.started_at);
  }

  void widen(const std::string& started_at) {
    const auto time = started_at.empty() ? std::nullopt : parse_time(started_at);
    if (!time) return;
    if (!first_ || *time < *first_) first_ = time;
    if (!last_ || *time > *last_) last_ = time;
    result_.from = format_time(*first_);
    result_.to = format_time(*last_);
  }

  void check() const {
    if (result_.attempts == 0) cannot_learn("the history is empty");
    if (result_.failures == 0 && drawn_ == 0) {
      cannot_learn(fmt::format("none of {} attempts failed", result_.attempts));
    }
    if (examples_ == 0) {
      cannot_learn(fmt::format(
          "none of {} failed attempts has a later try (the same job and run, a higher attempt; or "
          "labels.grid with the same job and labels.input){}",
          result_.failures,
          result_.unreadable > 0 ? fmt::format("; {} have an unreadable configuration", result_.unreadable) : ""));
    }
    if (failing_ == 0) cannot_learn(fmt::format("all {} retries succeeded", examples_));
    if (failing_ == examples_) cannot_learn(fmt::format("all {} retries failed", examples_));
  }

  // The last reading: examples become numbers.
  void add(const ExampleSet& set) {
    for (std::size_t i = 0; i < set.examples.size();) {
      const std::uint32_t current = set.examples[i].failed;
      const FailedAttempt& failed = set.failed[current];
      const Encoder encoder(result_.schema, failed);
      result_.batch.add_attempt(encoder.context());
      result_.job_of.push_back(job_index(failed.attempt().job));
      result_.ended.push_back(first_end(failed.attempt()));
      const double offset = cost_offset(failed.attempt(), result_.offset);
      for (; i < set.examples.size() && set.examples[i].failed == current; ++i) {
        const Example& example = set.examples[i];
        encoder.encode(example.point, candidate_);
        result_.batch.add_row(candidate_);
        result_.fails.push_back(example.fails ? 1.0F : 0.0F);
        result_.cost.push_back(static_cast<float>(log_cost(example.cost_usd) - offset));
        result_.weight.push_back(static_cast<float>(example.weight));
      }
    }
  }

  std::uint32_t job_index(const std::string& job) {
    const auto [place, fresh] = job_index_.emplace(job, static_cast<std::uint32_t>(result_.jobs.size()));
    if (fresh) result_.jobs.push_back(job);
    return place->second;
  }

  const History& history_;
  const Space& space_;
  const std::function<void(double, std::string_view)>& progress_;
  SchemaFit fit_;
  int reading_ = 0;  // of three
  std::size_t drawn_ = 0, failed_ = 0, examples_ = 0, failing_ = 0;
  double log_costs_ = 0, weight_ = 0;
  std::optional<TimePoint> first_, last_;
  std::unordered_map<std::string, std::uint32_t> job_index_;
  Candidate candidate_;
  Prepared result_;
};

}  // namespace

Prepared prepare(const History& history, const Space& space,
                 const std::function<void(double done, std::string_view what)>& progress, const Witness& witness) {
  return Reader(history, space, progress).read(witness);
}

}  // namespace jobmedic::model
