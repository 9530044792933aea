#include "recommend/model/committee.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "jobmedic/error.hpp"
#include "recommend/model/vector_math.hpp"

namespace jobmedic::model {
namespace {

std::size_t whole_blocks(std::size_t units) {
  return (units + multiplied_at_once - 1) / multiplied_at_once * multiplied_at_once;
}

}  // namespace

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
  const std::size_t trunk = shape_.trunk, hidden = shape_.hidden;
  const std::size_t first_unit = network * trunk, first_head = network * head_width_;
  transpose(at(trunk_weight), trunk, trunk_inputs(shape_), shape_.context, trunk_.data() + first_unit, trunk_width_);
  std::copy_n(at(trunk_bias), trunk, trunk_bias_.data() + first_unit);
  std::copy_n(at(fail_free), trunk, fail_direct_.data() + first_unit);
  std::copy_n(at(cost_linear), trunk, cost_direct_.data() + first_unit);
  float* heads = heads_.data() + first_head * trunk;
  transpose(at(fail_weight), hidden, free_inputs(shape_), trunk, heads, head_width_);
  transpose(at(cost_weight), hidden, cost_inputs(shape_), trunk, heads + hidden, head_width_);
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
  multiply(trunk_.data(), numbers, trunk);
  for (float& unit : trunk) unit = std::max(unit, 0.0F);
  double logit = fail_constant_ + double{dot(fail_direct_.data(), trunk.data(), trunk.size())};
  double log_cost = cost_constant_ + double{dot(cost_direct_.data(), trunk.data(), trunk.size())};
  const std::span<float> fail = heads.first(shape_.hidden), cost = heads.subspan(shape_.hidden, shape_.hidden);
  for (std::size_t n = 0; n < networks_; ++n) {
    const std::size_t place = n * head_width_;
    std::copy_n(heads_bias_.data() + place, head_width_, heads.data());
    multiply(heads_.data() + place * shape_.trunk, trunk.subspan(n * shape_.trunk, shape_.trunk), heads);
    for (float& unit : fail) unit = hyperbolic_tangent(unit);
    for (float& unit : cost) unit = std::max(unit, 0.0F);
    logit += double{dot(heads_output_.data() + place, fail.data(), fail.size())};
    log_cost += double{dot(heads_output_.data() + place + fail.size(), cost.data(), cost.size())};
  }
  const auto mean = [&](double sum) { return static_cast<float>(sum / static_cast<double>(networks_)); };
  return {mean(logit), mean(log_cost)};
}

}  // namespace jobmedic::model
