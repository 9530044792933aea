#include "recommend/model/forward.hpp"

#include <algorithm>
#include <cmath>

#include "recommend/model/vector_math.hpp"

namespace jobmedic::model {
namespace {

void add_embedding(const float* row, float weight, std::span<float> sum) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * row[i];
}

// `count` columns of a row-major matrix of `rows` rows, one after the other; `width`: of its rows.
std::vector<float> columns(const float* matrix, std::size_t rows, std::size_t width, std::size_t count) {
  std::vector<float> result(rows * count);
  transpose(matrix, rows, width, count, result.data(), rows);
  return result;
}

std::vector<float> absolute(std::vector<float> values) {
  for (float& value : values) value = std::abs(value);
  return values;
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
  const std::size_t free = free_inputs(shape) - shape.trunk;
  fail_free_ = columns(at(fail_weight) + shape.trunk, shape.hidden, free_inputs(shape), free);
  fail_monotone_ = absolute(columns(at(fail_monotone), shape.hidden, shape.monotone, shape.monotone));
  fail_slope_ = absolute({at(fail_slope), at(fail_slope) + shape.monotone});
  fail_output_ = absolute({at(fail_output), at(fail_output) + shape.hidden});
  cost_ = columns(at(cost_weight) + shape.trunk, shape.hidden, cost_inputs(shape), free + shape.monotone);
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
  const std::span<const float> all(inputs_);
  const std::span<const float> free = all.first(all.size() - shape_.monotone);
  const std::span<const float> monotone = all.last(shape_.monotone);
  RawOutput out;

  hidden_ = fail_base_;
  multiply(fail_free_.data(), free, hidden_);
  multiply(fail_monotone_.data(), monotone, hidden_);
  for (float& unit : hidden_) unit = hyperbolic_tangent(unit);
  out.logit = fail_direct_ + dot(at(fail_free) + shape_.trunk, free.data(), free.size()) -
              dot(fail_slope_.data(), monotone.data(), monotone.size()) -
              dot(fail_output_.data(), hidden_.data(), hidden_.size());

  hidden_ = cost_base_;
  multiply(cost_.data(), all, hidden_);
  for (float& unit : hidden_) unit = std::max(unit, 0.0F);
  out.log_cost = cost_direct_ + dot(at(cost_linear) + shape_.trunk, all.data(), all.size()) +
                 dot(at(cost_output), hidden_.data(), hidden_.size());
  return out;
}

}  // namespace jobmedic::model
