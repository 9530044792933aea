#pragma once
#include <span>
#include <vector>

#include "recommend/model/architecture.hpp"
#include "recommend/model/features.hpp"

/// The built-in forward pass: the network of network.h over the same weights, without libtorch.
namespace jobmedic::model {

/// What the network says of one candidate, before calibration.
struct RawOutput {
  float logit = 0;     ///< of P(fail)
  float log_cost = 0;  ///< against the offset of the failed attempt
};

/// The part that only depends on the failed attempt, computed once; then one candidate at a time. Borrows the weights.
class ForwardPass {
 public:
  ForwardPass(const Shape& shape, std::span<const float> weights, const Context& context);
  [[nodiscard]] RawOutput operator()(const Candidate& candidate);

 private:
  void set_candidate_inputs(const Candidate& candidate);
  [[nodiscard]] const float* at(TensorIndex tensor) const { return weights_.data() + offsets_[tensor]; }

  Shape shape_;
  std::span<const float> weights_;
  std::vector<std::size_t> offsets_;
  // Sums over the trunk, per hidden unit of each head and for the direct paths.
  std::vector<float> fail_base_;
  std::vector<float> cost_base_;
  float fail_direct_ = 0;
  float cost_direct_ = 0;
  // The weights of the candidate's inputs, column by column: so all hidden units are summed at once.
  std::vector<float> fail_free_;
  std::vector<float> fail_monotone_;
  std::vector<float> fail_slope_;
  std::vector<float> fail_output_;
  std::vector<float> cost_;
  std::vector<float> inputs_;  // of the current candidate: numbers, choices' embedding, monotone numbers
  std::vector<float> hidden_;  // units of one head
};

/// The mean of several such networks that judge a context alone: no candidate numbers, choices or tokens
/// (shape.candidate and shape.monotone are 0). Immutable, and an answer takes no memory: for judgements by the
/// microsecond.
class CommitteePass {
 public:
  static constexpr std::size_t most_units = 1024;  ///< of one layer, in all networks together
  /// Throws Error (model) where there is no network, the shape is of another kind, or there are more units.
  CommitteePass(const Shape& shape, std::span<const std::vector<float>> networks);
  /// `numbers`: shape.context of them.
  [[nodiscard]] RawOutput operator()(std::span<const float> numbers) const;

 private:
  void append(std::span<const float> weights, std::size_t network);

  Shape shape_;
  std::size_t networks_;
  std::size_t trunk_width_, head_width_;  // of a layer's units, filled up to whole blocks
  // Weights input by input. The trunks stand side by side, so that all are summed at once; of each network's heads the
  // units of `fail` come first, then those of `cost`.
  std::vector<float> trunk_, trunk_bias_;
  std::vector<float> heads_, heads_bias_, heads_output_;
  std::vector<float> fail_direct_, cost_direct_;  // of trunk units
  double fail_constant_ = 0, cost_constant_ = 0;  // of all networks
};

}  // namespace jobmedic::model
