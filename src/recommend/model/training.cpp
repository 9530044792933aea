// From a history to a model file: examples, honest out-of-fold judgements, calibration, the final fit.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>

#include "jobmedic/error.hpp"
#include "jobmedic/model.hpp"
#include "recommend/model/batch.hpp"
#include "recommend/model/cost.hpp"
#include "recommend/model/examples.hpp"
#include "recommend/model/forward.hpp"
#include "recommend/model/module.hpp"
#include "recommend/model/weights.hpp"

namespace jobmedic {
namespace {

using namespace model;

constexpr std::uint32_t most_folds = 5;

[[noreturn]] void cannot_learn(const std::string& why) {
  throw Error(Status::model, "nothing to learn from: " + why);
}

void check(const ExampleSet& set) {
  if (set.attempts == 0) cannot_learn("the history is empty");
  if (set.failures == 0) cannot_learn(fmt::format("none of {} attempts failed", set.attempts));
  if (set.examples.empty()) {
    cannot_learn(fmt::format(
        "none of {} failed attempts has a later try (the same job and run, a higher attempt; or "
        "labels.grid with the same job and labels.input){}",
        set.failures, set.unreadable > 0 ? fmt::format("; {} have an unreadable configuration", set.unreadable) : ""));
  }
  const auto failing = std::count_if(set.examples.begin(), set.examples.end(), [](const auto& e) { return e.fails; });
  if (failing == 0) cannot_learn(fmt::format("all {} retries succeeded", set.examples.size()));
  if (failing == static_cast<std::ptrdiff_t>(set.examples.size())) {
    cannot_learn(fmt::format("all {} retries failed", set.examples.size()));
  }
}

// The examples as the network takes them.
struct Prepared {
  Batch batch;
  std::vector<float> failed, log_cost, weight;
  double offset = 0;
};

double mean_log_cost(const ExampleSet& set) {
  double sum = 0, weight = 0;
  for (const Example& example : set.examples) {
    if (std::isnan(example.cost_usd)) continue;
    sum += example.weight * log_cost(example.cost_usd);
    weight += example.weight;
  }
  return weight > 0 ? sum / weight : 0;
}

Prepared prepare(const ExampleSet& set, const FeatureSchema& schema) {
  Prepared prepared;
  prepared.offset = mean_log_cost(set);
  Candidate candidate;
  for (std::size_t i = 0; i < set.examples.size();) {
    const FailedAttempt& failed = set.failed[set.examples[i].failed];
    const Encoder encoder(schema, failed);
    prepared.batch.add_attempt(encoder.context());
    const double offset = cost_offset(failed.attempt(), prepared.offset);
    for (const std::uint32_t current = set.examples[i].failed;
         i < set.examples.size() && set.examples[i].failed == current; ++i) {
      encoder.encode(set.examples[i].point, candidate);
      prepared.batch.add_row(candidate);
      prepared.failed.push_back(set.examples[i].fails ? 1.0F : 0.0F);
      prepared.log_cost.push_back(static_cast<float>(log_cost(set.examples[i].cost_usd) - offset));
      prepared.weight.push_back(static_cast<float>(set.examples[i].weight));
    }
  }
  return prepared;
}

class Trainer {
 public:
  Trainer(const ExampleSet& set, const Space& space, const TrainingOptions& options, const jobmedic_torch_api& torch)
      : set_(set),
        options_(options),
        torch_(torch),
        schema_(fit_schema(set, space)),
        shape_(shape_for(schema_)),
        data_(prepare(set, schema_)) {}

  TrainedModel run() {
    const auto jobs = static_cast<std::uint32_t>(set_.jobs.size());
    const std::uint32_t folds = std::min(most_folds, jobs);
    if (folds >= 2) judge_by_folds(folds);
    step_ = folds >= 2 ? folds : 0;
    steps_ = step_ + 1;
    TrainedWeights trained{options_.version, schema_, calibrate(judged_, data_.offset), shape_, {}};
    const std::vector<std::uint8_t> all(set_.examples.size(), JOBMEDIC_TORCH_LEARN);
    const std::uint32_t epochs = typical_epochs();
    trained.values = fit(all, epochs, 0, "final fit").first;
    return {trained.to_safetensors(), report(trained, folds, epochs)};
  }

 private:
  using Fit = std::pair<std::vector<float>, std::uint32_t>;

  // Each job is judged by a network that saw nothing of it, not even for stopping early.
  void judge_by_folds(std::uint32_t folds) {
    steps_ = folds + 1;
    const std::vector<std::uint32_t> fold_of = folds_by_job(set_, folds, options_.seed);
    for (std::uint32_t fold = 0; fold < folds; ++fold) {
      step_ = fold;
      std::vector<std::uint8_t> role;
      for (const Example& example : set_.examples) {
        const std::uint32_t own = fold_of[example.failed];
        role.push_back(own == fold                              ? JOBMEDIC_TORCH_LEAVE_OUT
                       : folds > 2 && own == (fold + 1) % folds ? JOBMEDIC_TORCH_HOLD_OUT
                                                                : JOBMEDIC_TORCH_LEARN);
      }
      const Fit fitted =
          fit(role, static_cast<std::uint32_t>(options_.max_epochs), 30, fmt::format("fold {} of {}", fold + 1, folds));
      epochs_.push_back(fitted.second);
      judge(fitted.first, role);
    }
  }

  void judge(const std::vector<float>& weights, const std::vector<std::uint8_t>& role) {
    Candidate candidate;
    for (std::size_t i = 0; i < set_.examples.size(); ++i) {
      if (role[i] != JOBMEDIC_TORCH_LEAVE_OUT) continue;
      const FailedAttempt& failed = set_.failed[set_.examples[i].failed];
      const Encoder encoder(schema_, failed);
      encoder.encode(set_.examples[i].point, candidate);
      const RawOutput said = ForwardPass(shape_, weights, encoder.context())(candidate);
      judged_.push_back(
          {said.logit, said.log_cost, set_.examples[i].fails, data_.log_cost[i], set_.examples[i].weight});
    }
  }

  Fit fit(const std::vector<std::uint8_t>& role, std::uint32_t max_epochs, std::uint32_t patience,
          const std::string& what);
  [[nodiscard]] std::uint32_t typical_epochs() const;
  [[nodiscard]] std::string report(const TrainedWeights& trained, std::uint32_t folds, std::uint32_t epochs) const;

  const ExampleSet& set_;
  const TrainingOptions& options_;
  const jobmedic_torch_api& torch_;
  FeatureSchema schema_;
  Shape shape_;
  Prepared data_;
  std::vector<Judged> judged_;
  std::vector<std::uint32_t> epochs_;
  std::uint32_t step_ = 0, steps_ = 1;
};

// The caller's progress function may throw; its exception waits here until the module has returned.
struct ProgressCall {
  const TrainingOptions& options;
  double begin, share;
  std::uint32_t max_epochs;
  std::string what;
  std::exception_ptr thrown;

  static std::int32_t call(void* user, std::uint32_t epoch, float /*training_loss*/, float held_out_loss) {
    auto& self = *static_cast<ProgressCall*>(user);
    try {
      const double done = self.begin + self.share * epoch / self.max_epochs;
      self.options.progress(std::min(done, 1.0),
                            fmt::format("{}, epoch {}, loss {:.3f}", self.what, epoch, held_out_loss));
      return 0;
    } catch (...) {
      self.thrown = std::current_exception();
      return 1;
    }
  }
};

Trainer::Fit Trainer::fit(const std::vector<std::uint8_t>& role, std::uint32_t max_epochs, std::uint32_t patience,
                          const std::string& what) {
  std::vector<float> weights = initial_weights(shape_, options_.seed);
  ProgressCall progress{options_, double(step_) / steps_, 1.0 / steps_, max_epochs, what, nullptr};
  jobmedic_torch_training training = {};
  training.seed = options_.seed;
  training.max_epochs = max_epochs;
  training.patience = patience;
  training.batch_rows = static_cast<std::uint32_t>(std::clamp<std::size_t>(role.size() / 32, 64, 4096));
  training.learning_rate = 0.005F;
  training.weight_decay = 0.05F;
  training.cost_weight = 0.5F;
  training.dropout = 0.1F;
  training.token_dropout = 0.5F;
  training.progress = options_.progress ? &ProgressCall::call : nullptr;
  training.user = &progress;
  const jobmedic_torch_batch batch = data_.batch.view();
  const jobmedic_torch_labels labels = {data_.failed.data(), data_.log_cost.data(), data_.weight.data(), role.data()};
  jobmedic_torch_error error = {};
  std::uint32_t epochs = 0;
  const std::int32_t status =
      torch_.train(&shape_, &batch, &labels, &training, weights.data(), weights.size(), &epochs, &error);
  if (progress.thrown) std::rethrow_exception(progress.thrown);
  if (status != 0) throw Error(Status::model, fmt::format("training: {}", error.message));
  return {std::move(weights), epochs};
}

std::uint32_t Trainer::typical_epochs() const {
  if (epochs_.empty()) return static_cast<std::uint32_t>(std::min(options_.max_epochs, 60));
  std::vector<std::uint32_t> sorted = epochs_;
  std::sort(sorted.begin(), sorted.end());
  return sorted[sorted.size() / 2];
}

std::string Trainer::report(const TrainedWeights& trained, std::uint32_t folds, std::uint32_t epochs) const {
  json::Value held_out;
  if (!judged_.empty()) held_out = metrics_of(judged_, trained.calibration);
  return json::write(json::object({{"version", options_.version},
                                   {"attempts", std::uint64_t{set_.attempts}},
                                   {"failures", std::uint64_t{set_.failures}},
                                   {"failures_with_a_retry", std::uint64_t{set_.failed.size()}},
                                   {"unreadable", std::uint64_t{set_.unreadable}},
                                   {"examples", std::uint64_t{set_.examples.size()}},
                                   {"jobs", std::uint64_t{set_.jobs.size()}},
                                   {"folds", std::int64_t{folds}},
                                   {"epochs", std::int64_t{epochs}},
                                   {"trained_by", torch_.description},
                                   {"held_out", std::move(held_out)},
                                   {"calibration", trained.calibration.to_json()}}));
}

}  // namespace

TrainedModel train(std::span<const Attempt> history, const Space& space, const TrainingOptions& options) {
  if (options.max_epochs < 1) throw Error(Status::invalid_argument, "max_epochs: at least 1");
  const ExampleSet set = make_examples(history, space);
  check(set);
  if (torch_was_forked()) {
    throw Error(Status::forked, "libtorch was loaded before this process was forked: train in a new process");
  }
  if (const std::string why = load_torch(); !why.empty()) throw Error(Status::model, "training needs libtorch: " + why);
  return Trainer(set, space, options, *torch_module()).run();
}

}  // namespace jobmedic
