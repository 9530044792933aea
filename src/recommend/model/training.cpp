// From a history to a model: examples, honest out-of-fold judgements, calibration, the final fit.
#include "recommend/model/training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/hash.hpp"
#include "jobmedic/error.hpp"
#include "recommend/model/forward.hpp"
#include "recommend/model/module.hpp"

namespace jobmedic {
namespace model {
namespace {

constexpr const char* final_fit = "final fit";
constexpr double share_of_reading = 0.2;  // of the progress

class Trainer {
 public:
  Trainer(Prepared data, const TrainingOptions& options, const jobmedic_torch_api& torch)
      : data_(std::move(data)),
        options_(options),
        torch_(torch),
        shape_(shape_for(data_.schema)),
        batch_rows_(std::clamp<std::size_t>(data_.rows() / 32, 64, 4096)) {}

  Training run() {
    const std::uint32_t folds = fold_count();
    const std::vector<std::uint32_t> lengths = possible_lengths();
    plan(lengths, folds);
    std::uint32_t epochs = lengths[std::min<std::size_t>(1, lengths.size() - 1)];
    if (folds >= 2) {
      fold_of_ = folds_by_job(data_.job_of, data_.jobs.size(), folds, options_.seed);
      epochs = judge_lengths(lengths, folds);
    }
    Training result;
    result.weights = weights(calibrate(judged_, data_.offset), {});
    result.weights.values = fit(std::vector<std::uint8_t>(data_.rows(), 1), epochs, final_fit);
    result.report = report(result.weights, folds, epochs);
    for (std::uint32_t fold = 0; fold < folds && folds >= 2; ++fold) result.folds.push_back(fold_network(fold));
    if (folds >= 2) result.held_out = held_out(result.folds);
    result.data = std::move(data_);
    return result;
  }

 private:
  [[nodiscard]] std::uint32_t fold_count() const {
    const std::uint32_t most = data_.rows() > 200000 ? 3 : 5;
    return std::min(most, static_cast<std::uint32_t>(data_.jobs.size()));
  }

  // How long to train, in epochs: too short learns nothing, too long learns the jobs by heart.
  [[nodiscard]] std::vector<std::uint32_t> possible_lengths() const {
    const std::size_t steps_per_epoch = data_.rows() / batch_rows_ + 1;
    std::vector<std::uint32_t> lengths;
    for (const std::size_t steps : {100U, 200U, 400U, 800U}) {
      const std::size_t epochs = std::max<std::size_t>(steps / steps_per_epoch, 1);
      lengths.push_back(static_cast<std::uint32_t>(std::min<std::size_t>(epochs, std::size_t(options_.max_epochs))));
    }
    lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());  // of a large history one is enough
    return lengths;
  }

  // Stops early for the sake of jobs never seen: keeps the length whose networks judge the jobs left out of their
  // training best, and those judgements for calibration, report and audits.
  std::uint32_t judge_lengths(const std::vector<std::uint32_t>& lengths, std::uint32_t folds) {
    std::uint32_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (const std::uint32_t length : lengths) {
      std::vector<Judged> judged(data_.rows());
      std::vector<std::vector<float>> networks;
      for (std::uint32_t fold = 0; fold < folds; ++fold) {
        std::vector<std::uint8_t> learn(data_.rows());
        for (std::size_t row = 0; row < learn.size(); ++row) learn[row] = fold_at(row) == fold ? 0 : 1;
        networks.push_back(fit(learn, length, fmt::format("{} epochs, fold {} of {}", length, fold + 1, folds)));
        judge(networks.back(), learn, judged);
      }
      const double loss = log_loss(judged, calibrate(judged, 0)) + cost_error(judged);
      if (loss >= least && best > 0) continue;
      least = loss;
      best = length;
      judged_ = std::move(judged);
      fold_values_ = std::move(networks);
    }
    return best;
  }

  [[nodiscard]] std::uint32_t fold_at(std::size_t row) const { return fold_of_[data_.batch.attempt_of(row)]; }

  void judge(const std::vector<float>& weights, const std::vector<std::uint8_t>& learned,
             std::vector<Judged>& judged) const {
    Candidate candidate;
    for (std::size_t row = 0; row < data_.rows();) {
      const std::uint32_t attempt = data_.batch.attempt_of(row);
      if (learned[row] != 0) {  // a job is wholly in or out
        ++row;
        continue;
      }
      ForwardPass forward(shape_, weights, data_.batch.context(attempt));
      for (; row < data_.rows() && data_.batch.attempt_of(row) == attempt; ++row) {
        data_.batch.candidate(row, candidate);
        const RawOutput said = forward(candidate);
        judged[row] = {said.logit, said.log_cost, data_.fails[row] != 0, data_.cost[row], data_.weight[row]};
      }
    }
  }

  [[nodiscard]] TrainedWeights weights(const Calibration& calibration, std::vector<float> values) const {
    return {options_.version, data_.schema, calibration, shape_, std::move(values), {}};
  }

  // Calibrated by what the other folds' networks said: nothing of it has seen the fold's jobs.
  TrainedWeights fold_network(std::uint32_t fold) {
    std::vector<Judged> others = judged_;
    for (std::size_t row = 0; row < others.size(); ++row) {
      if (fold_at(row) == fold) others[row].weight = 0;
    }
    TrainedWeights network = weights(calibrate(others, data_.offset), std::move(fold_values_[fold]));
    std::vector<std::uint8_t> mine(data_.jobs.size(), 0);
    for (std::size_t i = 0; i < fold_of_.size(); ++i) {
      if (fold_of_[i] == fold) mine[data_.job_of[i]] = 1;
    }
    for (std::size_t job = 0; job < mine.size(); ++job) {
      if (mine[job] != 0) network.held_out.push_back(hash64(data_.jobs[job]));
    }
    return network;
  }

  [[nodiscard]] std::vector<float> held_out(const std::vector<TrainedWeights>& networks) const {
    std::vector<float> probability(judged_.size());
    for (std::size_t row = 0; row < judged_.size(); ++row) {
      probability[row] = static_cast<float>(networks[fold_at(row)].calibration.probability(judged_[row].logit));
    }
    return probability;
  }

  void plan(const std::vector<std::uint32_t>& lengths, std::uint32_t folds) {
    for (const std::uint32_t length : lengths) planned_epochs_ += folds >= 2 ? length * folds : 0;
    planned_epochs_ += lengths.back();
  }
  std::vector<float> fit(const std::vector<std::uint8_t>& learn, std::uint32_t epochs, const std::string& what);
  [[nodiscard]] json::Object report(const TrainedWeights& trained, std::uint32_t folds, std::uint32_t epochs) const;

  Prepared data_;
  const TrainingOptions& options_;
  const jobmedic_torch_api& torch_;
  Shape shape_;
  std::size_t batch_rows_;
  std::vector<std::uint32_t> fold_of_;           // per failed attempt
  std::vector<Judged> judged_;                   // per row, out of fold
  std::vector<std::vector<float>> fold_values_;  // of the networks that judged so
  std::uint32_t done_epochs_ = 0, planned_epochs_ = 0;
};

std::vector<float> Trainer::fit(const std::vector<std::uint8_t>& learn, std::uint32_t epochs, const std::string& what) {
  std::vector<float> weights = initial_weights(shape_, options_.seed);
  jobmedic_torch_training training = {};
  training.seed = options_.seed;
  training.epochs = epochs;
  training.batch_rows = static_cast<std::uint32_t>(batch_rows_);
  training.learning_rate = 0.003F;
  training.weight_decay = 0.05F;
  training.cost_weight = 0.5F;
  training.dropout = 0.1F;
  training.token_dropout = 0.5F;
  const jobmedic_torch_batch batch = data_.batch.view();
  const jobmedic_torch_labels labels = {data_.fails.data(), data_.cost.data(), data_.weight.data(), learn.data()};
  EpochProgress progress;
  if (options_.progress) {
    progress = [&](std::uint32_t epoch, float loss) {
      const bool last = what == final_fit && epoch == epochs;
      const double done = last ? 1.0 : std::min(double(done_epochs_ + epoch) / planned_epochs_, 1.0);
      options_.progress(share_of_reading + (1 - share_of_reading) * done,
                        fmt::format("{}, epoch {}, loss {:.3f}", what, epoch, loss));
    };
  }
  train_by(torch_, shape_, batch, labels, training, progress, weights);
  done_epochs_ += epochs;
  return weights;
}

json::Object Trainer::report(const TrainedWeights& trained, std::uint32_t folds, std::uint32_t epochs) const {
  json::Value metrics;
  if (!judged_.empty()) metrics = metrics_of(judged_, trained.calibration);
  const auto time = [](const std::string& text) { return text.empty() ? json::Value() : json::Value(text); };
  return {{"version", options_.version},
          {"from", time(data_.from)},
          {"to", time(data_.to)},
          {"attempts", std::uint64_t{data_.attempts}},
          {"failures", std::uint64_t{data_.failures}},
          {"failures_with_a_retry", std::uint64_t{data_.with_a_retry}},
          {"unreadable", std::uint64_t{data_.unreadable}},
          {"examples", std::uint64_t{data_.rows()}},
          {"jobs", std::uint64_t{data_.jobs.size()}},
          {"folds", std::int64_t{folds}},
          {"epochs", std::int64_t{epochs}},
          {"trained_by", torch_.description},
          {"held_out", std::move(metrics)},
          {"calibration", trained.calibration.to_json()}};
}

}  // namespace

void need_torch() {
  if (torch_was_forked()) {
    throw Error(Status::forked, "libtorch was loaded before this process was forked: train in a new process");
  }
  if (const std::string why = load_torch(); !why.empty()) throw Error(Status::model, "training needs libtorch: " + why);
}

Training learn(const History& history, const Space& space, const TrainingOptions& options, const Witness& witness) {
  if (options.max_epochs < 1) throw Error(Status::invalid_argument, "max_epochs: at least 1");
  const auto reading = [&](double done, std::string_view what) { options.progress(share_of_reading * done, what); };
  using Progress = std::function<void(double, std::string_view)>;
  Prepared data = prepare(history, space, options.progress ? Progress(reading) : Progress(), witness);
  need_torch();
  return Trainer(std::move(data), options, *torch_module()).run();
}

}  // namespace model

TrainedModel train(std::span<const Attempt> history, const Space& space, const TrainingOptions& options) {
  const auto whole = [history](const std::function<void(std::span<const Attempt>)>& visit) { visit(history); };
  const model::Training training = model::learn(whole, space, options);
  return {training.weights.to_safetensors(), json::write(training.report)};
}

}  // namespace jobmedic
