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

constexpr const char* final_fit = "final fit";

[[noreturn]] void cannot_learn(const std::string& why) {
  throw Error(Status::model, "nothing to learn from: " + why);
}

void check(const ExampleSet& set) {
  if (set.attempts == 0) cannot_learn("the history is empty");
  if (set.failures == 0 && set.drawn.empty()) cannot_learn(fmt::format("none of {} attempts failed", set.attempts));
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
        data_(prepare(set, schema_)),
        batch_rows_(std::clamp<std::size_t>(set.examples.size() / 32, 64, 4096)) {}

  TrainedModel run() {
    const std::uint32_t folds = fold_count();
    const std::vector<std::uint32_t> lengths = possible_lengths();
    plan(lengths, folds);
    std::uint32_t epochs = lengths[1];
    if (folds >= 2) epochs = judge_lengths(lengths, folds);
    TrainedWeights trained{options_.version, schema_, calibrate(judged_, data_.offset), shape_, {}};
    trained.values = fit(std::vector<std::uint8_t>(set_.examples.size(), 1), epochs, final_fit);
    return {trained.to_safetensors(), report(trained, folds, epochs)};
  }

 private:
  [[nodiscard]] std::uint32_t fold_count() const {
    const std::uint32_t most = set_.examples.size() > 200000 ? 3 : 5;
    return std::min(most, static_cast<std::uint32_t>(set_.jobs.size()));
  }

  // How long to train, in epochs: too short learns nothing, too long learns the jobs by heart.
  [[nodiscard]] std::vector<std::uint32_t> possible_lengths() const {
    const std::size_t steps_per_epoch = set_.examples.size() / batch_rows_ + 1;
    std::vector<std::uint32_t> lengths;
    for (const std::size_t steps : {100U, 200U, 400U, 800U}) {
      const std::size_t epochs = std::max<std::size_t>(steps / steps_per_epoch, 1);
      lengths.push_back(static_cast<std::uint32_t>(std::min<std::size_t>(epochs, std::size_t(options_.max_epochs))));
    }
    return lengths;
  }

  // Stops early for the sake of jobs never seen: keeps the length whose networks judge the jobs left out of their
  // training best, and those judgements for calibration and report.
  std::uint32_t judge_lengths(const std::vector<std::uint32_t>& lengths, std::uint32_t folds) {
    const std::vector<std::uint32_t> fold_of = folds_by_job(set_, folds, options_.seed);
    std::uint32_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (const std::uint32_t length : lengths) {
      std::vector<Judged> judged;
      for (std::uint32_t fold = 0; fold < folds; ++fold) {
        std::vector<std::uint8_t> learn;
        for (const Example& example : set_.examples) learn.push_back(fold_of[example.failed] == fold ? 0 : 1);
        const std::string what = fmt::format("{} epochs, fold {} of {}", length, fold + 1, folds);
        judge(fit(learn, length, what), learn, judged);
      }
      const double loss = log_loss(judged, calibrate(judged, 0)) + cost_error(judged);
      if (loss >= least) continue;
      least = loss;
      best = length;
      judged_ = std::move(judged);
    }
    return best;
  }

  void judge(const std::vector<float>& weights, const std::vector<std::uint8_t>& learned,
             std::vector<Judged>& judged) const {
    Candidate candidate;
    for (std::size_t i = 0; i < set_.examples.size();) {
      const std::uint32_t current = set_.examples[i].failed;
      const Encoder encoder(schema_, set_.failed[current]);
      ForwardPass forward(shape_, weights, encoder.context());
      for (; i < set_.examples.size() && set_.examples[i].failed == current; ++i) {
        if (learned[i] != 0) continue;
        encoder.encode(set_.examples[i].point, candidate);
        const RawOutput said = forward(candidate);
        judged.push_back(
            {said.logit, said.log_cost, set_.examples[i].fails, data_.log_cost[i], set_.examples[i].weight});
      }
    }
  }

  void plan(const std::vector<std::uint32_t>& lengths, std::uint32_t folds) {
    for (const std::uint32_t length : lengths) planned_epochs_ += folds >= 2 ? length * folds : 0;
    planned_epochs_ += lengths.back();
  }
  std::vector<float> fit(const std::vector<std::uint8_t>& learn, std::uint32_t epochs, const std::string& what);
  [[nodiscard]] std::string report(const TrainedWeights& trained, std::uint32_t folds, std::uint32_t epochs) const;

  const ExampleSet& set_;
  const TrainingOptions& options_;
  const jobmedic_torch_api& torch_;
  FeatureSchema schema_;
  Shape shape_;
  Prepared data_;
  std::size_t batch_rows_;
  std::vector<Judged> judged_;  // out of fold
  std::uint32_t done_epochs_ = 0, planned_epochs_ = 0;
};

// The caller's progress function may throw; its exception waits here until the module has returned.
struct ProgressCall {
  const TrainingOptions& options;
  std::uint32_t done, planned, epochs;
  std::string what;
  std::exception_ptr thrown;

  static std::int32_t call(void* user, std::uint32_t epoch, float loss) {
    auto& self = *static_cast<ProgressCall*>(user);
    try {
      const bool last = self.what == final_fit && epoch == self.epochs;
      const double done = last ? 1.0 : std::min(double(self.done + epoch) / self.planned, 1.0);
      self.options.progress(done, fmt::format("{}, epoch {}, loss {:.3f}", self.what, epoch, loss));
      return 0;
    } catch (...) {
      self.thrown = std::current_exception();
      return 1;
    }
  }
};

std::vector<float> Trainer::fit(const std::vector<std::uint8_t>& learn, std::uint32_t epochs, const std::string& what) {
  std::vector<float> weights = initial_weights(shape_, options_.seed);
  ProgressCall progress{options_, done_epochs_, planned_epochs_, epochs, what, nullptr};
  jobmedic_torch_training training = {};
  training.seed = options_.seed;
  training.epochs = epochs;
  training.batch_rows = static_cast<std::uint32_t>(batch_rows_);
  training.learning_rate = 0.003F;
  training.weight_decay = 0.05F;
  training.cost_weight = 0.5F;
  training.dropout = 0.1F;
  training.token_dropout = 0.5F;
  training.progress = options_.progress ? &ProgressCall::call : nullptr;
  training.user = &progress;
  const jobmedic_torch_batch batch = data_.batch.view();
  const jobmedic_torch_labels labels = {data_.failed.data(), data_.log_cost.data(), data_.weight.data(), learn.data()};
  jobmedic_torch_error error = {};
  const std::int32_t status = torch_.train(&shape_, &batch, &labels, &training, weights.data(), weights.size(), &error);
  if (progress.thrown) std::rethrow_exception(progress.thrown);
  if (status != 0) throw Error(Status::model, fmt::format("training: {}", error.message));
  done_epochs_ += epochs;
  return weights;
}

std::string Trainer::report(const TrainedWeights& trained, std::uint32_t folds, std::uint32_t epochs) const {
  json::Value held_out;
  if (!judged_.empty()) held_out = metrics_of(judged_, trained.calibration);
  return json::write(json::object({{"version", options_.version},
                                   {"attempts", std::uint64_t{set_.attempts}},
                                   {"failures", std::uint64_t{set_.failures}},
                                   {"failures_with_a_retry", std::uint64_t{set_.verdicts.size()}},
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
