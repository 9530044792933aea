#include "jobmedic/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "recommend/model/batch.hpp"
#include "recommend/model/cost.hpp"
#include "recommend/model/forward.hpp"
#include "recommend/model/module.hpp"
#include "recommend/model/weights.hpp"

namespace jobmedic {
namespace {

using namespace model;

class TrainedNetwork final : public Model {
 public:
  explicit TrainedNetwork(TrainedWeights weights) : weights_(std::move(weights)) {}
  TrainedNetwork(const TrainedNetwork&) = delete;
  TrainedNetwork& operator=(const TrainedNetwork&) = delete;
  ~TrainedNetwork() override {
    if (const auto* torch = torch_module(); torch != nullptr && network_ != nullptr) torch->free(network_);
  }

  std::vector<Prediction> predict(const Attempt& failed, const Classification& verdict, const Space& space,
                                  std::span<const Point> candidates, std::span<const Attempt> past) const override;
  bool learned(std::string_view name) const override {
    const FeatureSchema& schema = weights_.schema;
    if (!schema.parameters.empty()) {
      return std::any_of(schema.parameters.begin(), schema.parameters.end(),
                         [&](const ParameterFeature& p) { return p.name == name; });
    }
    // Where no setting ever varied it judges unchanged retries alone, of any space.
    return std::any_of(schema.numbers.begin(), schema.numbers.end(), [&](const NumberFeature& n) {
      return n.parameter.empty() && n.metric.empty() && n.lesson == name;
    });
  }
  const std::string& version() const noexcept override { return weights_.version; }
  std::string_view served_by() const noexcept override { return torch_module() != nullptr ? "libtorch" : "builtin"; }

 private:
  std::vector<RawOutput> by_torch(const jobmedic_torch_api& torch, const Encoder& encoder, const Context& context,
                                  std::span<const Point> candidates) const;
  std::vector<RawOutput> built_in(const Encoder& encoder, const Context& context,
                                  std::span<const Point> candidates) const;

  TrainedWeights weights_;
  mutable std::once_flag created_;
  mutable void* network_ = nullptr;  // owned by the module, which is never unloaded
};

void check_candidates(const Space& space, std::span<const Point> candidates) {
  for (const Point& point : candidates) {
    if (point.size() == space.parameters.size()) continue;
    throw Error(Status::invalid_argument, fmt::format("a candidate has {} values, the space has {} parameters",
                                                      point.size(), space.parameters.size()));
  }
}

void check_space(const TrainedWeights& weights, const Space& space) {
  if (weights.schema.parameters.empty()) return;
  std::vector<std::string> known;
  for (const ParameterFeature& feature : weights.schema.parameters) {
    for (const Parameter& parameter : space.parameters) {
      if (parameter.name == feature.name) return;
    }
    known.push_back(feature.name);
  }
  throw Error(Status::model,
              fmt::format("model {} knows {}; none of them is in the space", weights.version, join(known, ", ")));
}

std::vector<Prediction> TrainedNetwork::predict(const Attempt& failed, const Classification& verdict,
                                                const Space& space, std::span<const Point> candidates,
                                                std::span<const Attempt> past) const {
  check_candidates(space, candidates);
  check_space(weights_, space);
  const FailedAttempt known(failed, verdict, space, read_past(past, space));
  const Encoder encoder(weights_.schema, known);
  const Context context = encoder.context();
  const auto* torch = torch_module();
  const std::vector<RawOutput> outputs =
      torch != nullptr ? by_torch(*torch, encoder, context, candidates) : built_in(encoder, context, candidates);
  const double offset = cost_offset(failed, weights_.calibration.offset);
  std::vector<Prediction> predictions;
  predictions.reserve(outputs.size());
  for (const RawOutput& output : outputs) {
    predictions.push_back({weights_.calibration.probability(output.logit),
                           expected_cost(offset + output.log_cost + weights_.calibration.log_smear)});
  }
  return predictions;
}

std::vector<RawOutput> TrainedNetwork::built_in(const Encoder& encoder, const Context& context,
                                                std::span<const Point> candidates) const {
  ForwardPass forward(weights_.shape, weights_.values, context);
  std::vector<RawOutput> outputs;
  outputs.reserve(candidates.size());
  Candidate candidate;
  for (const Point& point : candidates) {
    encoder.encode(point, candidate);
    outputs.push_back(forward(candidate));
  }
  return outputs;
}

std::vector<RawOutput> TrainedNetwork::by_torch(const jobmedic_torch_api& torch, const Encoder& encoder,
                                                const Context& context, std::span<const Point> candidates) const {
  jobmedic_torch_error error = {};
  std::call_once(created_, [&] {
    if (torch.create(&weights_.shape, weights_.values.data(), weights_.values.size(), &network_, &error) != 0) {
      throw Error(Status::model, fmt::format("libtorch: {}", error.message));
    }
  });
  Batch batch;
  batch.add_attempt(context);
  Candidate candidate;
  for (const Point& point : candidates) {
    encoder.encode(point, candidate);
    batch.add_row(candidate);
  }
  std::vector<float> logits(candidates.size()), log_costs(candidates.size());
  const jobmedic_torch_batch view = batch.view();
  if (torch.forward(network_, &view, logits.data(), log_costs.data(), &error) != 0) {
    throw Error(Status::model, fmt::format("libtorch: {}", error.message));
  }
  std::vector<RawOutput> outputs;
  outputs.reserve(candidates.size());
  for (std::size_t i = 0; i < logits.size(); ++i) outputs.push_back({logits[i], log_costs[i]});
  return outputs;
}

}  // namespace

std::shared_ptr<const Model> Model::parse(std::string_view safetensors) {
  return std::make_shared<const TrainedNetwork>(TrainedWeights::parse(safetensors));
}

}  // namespace jobmedic
