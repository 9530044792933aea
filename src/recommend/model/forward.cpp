#include "recommend/model/forward.hpp"

#include <algorithm>
#include <cmath>

namespace jobmedic::model {
namespace {

float dot(const float* a, const float* b, std::size_t size) {
  float sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += a[i] * b[i];
  return sum;
}

float dot_absolute(const float* weights, const float* values, std::size_t size) {
  float sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += std::abs(weights[i]) * values[i];
  return sum;
}

void add_embedding(const float* row, float weight, std::span<float> sum) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * row[i];
}

}  // namespace

ForwardPass::ForwardPass(const Shape& shape, std::span<const float> weights, const Context& context)
    : shape_(shape), weights_(weights), fail_base_(shape.hidden), cost_base_(shape.hidden) {
  for (const Tensor& tensor : tensors(shape)) offsets_.push_back(tensor.offset);
  std::vector<float> input(context.numbers);
  input.resize(trunk_inputs(shape), 0.0F);
  const std::span<float> embedded(input.data() + shape.context, shape.embedding);
  for (std::size_t i = 0; i < context.tokens.buckets.size(); ++i) {
    const std::size_t row = std::size_t{context.tokens.buckets[i]} * shape.embedding;
    add_embedding(at(embedding) + row, context.tokens.weights[i], embedded);
  }
  std::vector<float> trunk(shape.trunk);
  for (std::size_t i = 0; i < trunk.size(); ++i) {
    const float sum = at(trunk_bias)[i] + dot(at(trunk_weight) + i * input.size(), input.data(), input.size());
    trunk[i] = std::max(sum, 0.0F);
  }
  for (std::size_t i = 0; i < shape.hidden; ++i) {
    fail_base_[i] = at(fail_bias)[i] + dot(at(fail_weight) + i * free_inputs(shape), trunk.data(), trunk.size());
    cost_base_[i] = at(cost_bias)[i] + dot(at(cost_weight) + i * cost_inputs(shape), trunk.data(), trunk.size());
  }
  fail_direct_ = at(fail_constant)[0] + dot(at(fail_free), trunk.data(), trunk.size());
  cost_direct_ = at(cost_constant)[0] + dot(at(cost_linear), trunk.data(), trunk.size());
  inputs_.resize(std::size_t{shape.candidate} + shape.embedding + shape.monotone);
}

void ForwardPass::set_candidate_inputs(const Candidate& candidate) {
  std::copy(candidate.numbers.begin(), candidate.numbers.end(), inputs_.begin());
  const std::span<float> chosen(inputs_.data() + shape_.candidate, shape_.embedding);
  std::fill(chosen.begin(), chosen.end(), 0.0F);
  for (const std::uint32_t bucket : candidate.choices) {
    add_embedding(at(embedding) + std::size_t{bucket} * shape_.embedding, 1, chosen);
  }
  std::copy(candidate.monotone.begin(), candidate.monotone.end(), chosen.data() + chosen.size());
}

RawOutput ForwardPass::operator()(const Candidate& candidate) {
  set_candidate_inputs(candidate);
  const std::size_t all = inputs_.size();
  const std::size_t free = all - shape_.monotone;
  const float* monotone = inputs_.data() + free;
  const float* fail_rows = at(fail_weight) + shape_.trunk;  // past the columns of the trunk, summed already
  const float* cost_rows = at(cost_weight) + shape_.trunk;
  RawOutput out;
  out.logit = fail_direct_ + dot(at(fail_free) + shape_.trunk, inputs_.data(), free) -
              dot_absolute(at(fail_slope), monotone, shape_.monotone);
  out.log_cost = cost_direct_ + dot(at(cost_linear) + shape_.trunk, inputs_.data(), all);
  for (std::size_t i = 0; i < shape_.hidden; ++i) {
    const float sum = fail_base_[i] + dot(fail_rows + i * free_inputs(shape_), inputs_.data(), free) +
                      dot_absolute(at(fail_monotone) + i * shape_.monotone, monotone, shape_.monotone);
    out.logit -= std::abs(at(fail_output)[i]) * std::tanh(sum);
    const float cost = cost_base_[i] + dot(cost_rows + i * cost_inputs(shape_), inputs_.data(), all);
    out.log_cost += at(cost_output)[i] * std::max(cost, 0.0F);
  }
  return out;
}

}  // namespace jobmedic::model
