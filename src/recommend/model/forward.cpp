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

constexpr std::size_t block = 16;  // sums that are held in vector registers

std::size_t whole_blocks(std::size_t units) {
  return (units + block - 1) / block * block;
}

// sums += matrix * inputs, for as many sums as whole blocks; the matrix input by input.
void multiply_blocks(const float* matrix, std::span<const float> inputs, std::span<float> sums) {
  for (std::size_t begin = 0; begin < sums.size(); begin += block) {
    std::array<float, block> held;
    std::copy_n(sums.data() + begin, block, held.data());
    const float* row = matrix + begin;
    for (const float input : inputs) {
      for (std::size_t i = 0; i < block; ++i) held[i] += row[i] * input;
      row += sums.size();
    }
    std::copy_n(held.data(), block, sums.data() + begin);
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

CommitteePass::CommitteePass(const Shape& shape, std::span<const std::vector<float>> networks)
    : shape_(shape),
      networks_(networks.size()),
      trunk_width_(whole_blocks(networks_ * shape.trunk)),
      head_width_(whole_blocks(std::size_t{2} * shape.hidden)) {
  const bool fits = networks_ > 0 && shape.candidate == 0 && shape.monotone == 0 && trunk_width_ <= most_units &&
                    head_width_ <= most_units;
  if (!fits) throw Error(Status::model, "model file: its networks judge retries, not readings, or are too large");
  trunk_.resize(shape.context * trunk_width_);
  for (std::vector<float>* of_trunk : {&trunk_bias_, &fail_direct_, &cost_direct_}) of_trunk->resize(trunk_width_);
  heads_.resize(networks_ * shape.trunk * head_width_);
  for (std::vector<float>* of_heads : {&heads_bias_, &heads_output_}) of_heads->resize(networks_ * head_width_);
  for (std::size_t n = 0; n < networks_; ++n) append(networks[n], n);
}

void CommitteePass::append(std::span<const float> weights, std::size_t network) {
  if (weights.size() != weight_count(shape_)) throw Error(Status::model, "model file: a network of another shape");
  const std::vector<Tensor> places = tensors(shape_);
  const auto at = [&](TensorIndex tensor) { return weights.data() + places[tensor].offset; };
  // A matrix of `units` rows, turned, from column `place` on of one that is `width` wide.
  const auto turn = [](const float* from, std::size_t units, std::size_t inputs, std::size_t count, float* to,
                       std::size_t width) {
    for (std::size_t unit = 0; unit < units; ++unit) {
      for (std::size_t input = 0; input < count; ++input) to[input * width + unit] = from[unit * inputs + input];
    }
  };
  const std::size_t trunk = shape_.trunk, hidden = shape_.hidden;
  const std::size_t first_unit = network * trunk, first_head = network * head_width_;
  turn(at(trunk_weight), trunk, trunk_inputs(shape_), shape_.context, trunk_.data() + first_unit, trunk_width_);
  std::copy_n(at(trunk_bias), trunk, trunk_bias_.data() + first_unit);
  std::copy_n(at(fail_free), trunk, fail_direct_.data() + first_unit);
  std::copy_n(at(cost_linear), trunk, cost_direct_.data() + first_unit);
  float* heads = heads_.data() + first_head * trunk;
  turn(at(fail_weight), hidden, free_inputs(shape_), trunk, heads, head_width_);
  turn(at(cost_weight), hidden, cost_inputs(shape_), trunk, heads + hidden, head_width_);
  std::copy_n(at(fail_bias), hidden, heads_bias_.data() + first_head);
  std::copy_n(at(cost_bias), hidden, heads_bias_.data() + first_head + hidden);
  for (std::size_t i = 0; i < hidden; ++i) heads_output_[first_head + i] = -std::abs(at(fail_output)[i]);
  std::copy_n(at(cost_output), hidden, heads_output_.data() + first_head + hidden);
  fail_constant_ += double{*at(fail_constant)};
  cost_constant_ += double{*at(cost_constant)};
}

RawOutput CommitteePass::operator()(std::span<const float> numbers) const {
  std::array<float, most_units> trunk_room, heads_room;
  const std::span<float> trunk(trunk_room.data(), trunk_width_), heads(heads_room.data(), head_width_);
  std::copy(trunk_bias_.begin(), trunk_bias_.end(), trunk.begin());
  multiply_blocks(trunk_.data(), numbers, trunk);
  for (float& unit : trunk) unit = std::max(unit, 0.0F);
  double logit = fail_constant_ + double{dot(fail_direct_.data(), trunk.data(), trunk.size())};
  double log_cost = cost_constant_ + double{dot(cost_direct_.data(), trunk.data(), trunk.size())};
  const std::span<float> fail = heads.first(shape_.hidden), cost = heads.subspan(shape_.hidden, shape_.hidden);
  for (std::size_t n = 0; n < networks_; ++n) {
    const std::size_t place = n * head_width_;
    std::copy_n(heads_bias_.data() + place, head_width_, heads.data());
    multiply_blocks(heads_.data() + place * shape_.trunk, trunk.subspan(n * shape_.trunk, shape_.trunk), heads);
    for (float& unit : fail) unit = hyperbolic_tangent(unit);
    for (float& unit : cost) unit = std::max(unit, 0.0F);
    logit += double{dot(heads_output_.data() + place, fail.data(), fail.size())};
    log_cost += double{dot(heads_output_.data() + place + fail.size(), cost.data(), cost.size())};
  }
  const auto mean = [&](double sum) { return static_cast<float>(sum / static_cast<double>(networks_)); };
  return {mean(logit), mean(log_cost)};
}

}  // namespace jobmedic::model
