#include "recommend/model/forward.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>

#include "jobmedic/error.hpp"

namespace jobmedic::model {
namespace {

constexpr std::size_t lanes = 8;

// In as many sums as fit into a vector register: one alone would have to be added up in order, one by one.
float dot(const float* a, const float* b, std::size_t size) {
  std::array<float, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (; i < size; ++i) sums[0] += a[i] * b[i];
  return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

// e to the power of x, for |x| <= 40, within 4e-7 of it; unlike std::exp the compiler makes vector code of it.
float exponential(float x) {
  const float octaves = x * std::numbers::log2e_v<float>;
  constexpr float rounder = 12582912;  // 1.5 * 2^23: what is added to it loses its fraction
  const float whole = (octaves + rounder) - rounder;
  const float t = (octaves - whole) * std::numbers::ln2_v<float>;  // the Taylor series is enough for |t| <= 0.35
  const float power =
      1 + t * (1 + t * (1 / 2.0F + t * (1 / 6.0F + t * (1 / 24.0F + t * (1 / 120.0F + t * (1 / 720.0F))))));
  return power * std::bit_cast<float>((static_cast<std::int32_t>(whole) + 127) << 23);
}

float hyperbolic_tangent(float x) {
  constexpr float flat = 10;  // from here on it is 1 to the last bit
  const float bounded = x < flat ? (x > -flat ? x : -flat) : flat;
  const float tangent = 1 - 2 / (exponential(2 * bounded) + 1);
  return std::isnan(x) ? x : tangent;
}

void add_embedding(const float* row, float weight, std::span<float> sum) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * row[i];
}

// `count` columns of a row-major matrix of `rows` rows, one after the other; `width`: of its rows.
std::vector<float> columns(const float* matrix, std::size_t rows, std::size_t width, std::size_t count) {
  std::vector<float> result(rows * count);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < count; ++column) {
      result[column * rows + row] = matrix[row * width + column];
    }
  }
  return result;
}

std::vector<float> absolute(std::vector<float> values) {
  for (float& value : values) value = std::abs(value);
  return values;
}

// sums += columns * inputs
void multiply(const std::vector<float>& columns, std::span<const float> inputs, std::span<float> sums) {
  const float* column = columns.data();
  for (const float input : inputs) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += column[i] * input;
    column += sums.size();
  }
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
  multiply(fail_free_, free, hidden_);
  multiply(fail_monotone_, monotone, hidden_);
  for (float& unit : hidden_) unit = hyperbolic_tangent(unit);
  out.logit = fail_direct_ + dot(at(fail_free) + shape_.trunk, free.data(), free.size()) -
              dot(fail_slope_.data(), monotone.data(), monotone.size()) -
              dot(fail_output_.data(), hidden_.data(), hidden_.size());

  hidden_ = cost_base_;
  multiply(cost_, all, hidden_);
  for (float& unit : hidden_) unit = std::max(unit, 0.0F);
  out.log_cost = cost_direct_ + dot(at(cost_linear) + shape_.trunk, all.data(), all.size()) +
                 dot(at(cost_output), hidden_.data(), hidden_.size());
  return out;
}

ContextPass::ContextPass(const Shape& shape, std::span<const float> weights) : shape_(shape) {
  const bool fits = shape.candidate == 0 && shape.monotone == 0 && shape.trunk <= most_units &&
                    shape.hidden <= most_units && weights.size() == weight_count(shape);
  if (!fits) throw Error(Status::model, "model file: its network judges retries, not readings");
  const std::vector<Tensor> places = tensors(shape);
  const auto at = [&](TensorIndex tensor) { return weights.data() + places[tensor].offset; };
  const auto all = [&](TensorIndex tensor, std::size_t count) {
    return std::vector<float>(at(tensor), at(tensor) + count);
  };
  trunk_ = columns(at(trunk_weight), shape.trunk, trunk_inputs(shape), shape.context);
  trunk_bias_ = all(trunk_bias, shape.trunk);
  fail_ = columns(at(fail_weight), shape.hidden, free_inputs(shape), shape.trunk);
  fail_bias_ = all(fail_bias, shape.hidden);
  fail_free_ = all(fail_free, shape.trunk);
  fail_output_ = absolute(all(fail_output, shape.hidden));
  fail_constant_ = *at(fail_constant);
  cost_ = columns(at(cost_weight), shape.hidden, cost_inputs(shape), shape.trunk);
  cost_bias_ = all(cost_bias, shape.hidden);
  cost_linear_ = all(cost_linear, shape.trunk);
  cost_output_ = all(cost_output, shape.hidden);
  cost_constant_ = *at(cost_constant);
}

RawOutput ContextPass::operator()(std::span<const float> numbers) const {
  std::array<float, most_units> trunk_units, hidden_units;
  const std::span<float> trunk(trunk_units.data(), shape_.trunk), hidden(hidden_units.data(), shape_.hidden);
  std::copy(trunk_bias_.begin(), trunk_bias_.end(), trunk.begin());
  multiply(trunk_, numbers, trunk);
  for (float& unit : trunk) unit = std::max(unit, 0.0F);
  RawOutput out;

  std::copy(fail_bias_.begin(), fail_bias_.end(), hidden.begin());
  multiply(fail_, trunk, hidden);
  for (float& unit : hidden) unit = hyperbolic_tangent(unit);
  out.logit = fail_constant_ + dot(fail_free_.data(), trunk.data(), trunk.size()) -
              dot(fail_output_.data(), hidden.data(), hidden.size());

  std::copy(cost_bias_.begin(), cost_bias_.end(), hidden.begin());
  multiply(cost_, trunk, hidden);
  for (float& unit : hidden) unit = std::max(unit, 0.0F);
  out.log_cost = cost_constant_ + dot(cost_linear_.data(), trunk.data(), trunk.size()) +
                 dot(cost_output_.data(), hidden.data(), hidden.size());
  return out;
}

}  // namespace jobmedic::model
