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

}  // namespace jobmedic::model
