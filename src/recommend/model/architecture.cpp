#include "recommend/model/architecture.hpp"

#include <cmath>

#include "core/random.hpp"

namespace jobmedic::model {

std::vector<Tensor> tensors(const Shape& s) {
  const std::size_t free = free_inputs(s);
  const std::size_t all = cost_inputs(s);
  std::vector<Tensor> list = {{"embedding", {s.buckets, s.embedding}},
                              {"trunk.weight", {s.trunk, trunk_inputs(s)}},
                              {"trunk.bias", {s.trunk}},
                              {"fail.weight", {s.hidden, free}},
                              {"fail.monotone", {s.hidden, s.monotone}},
                              {"fail.bias", {s.hidden}},
                              {"fail.free", {free}},
                              {"fail.slope", {s.monotone}},
                              {"fail.output", {s.hidden}},
                              {"fail.constant", {1}},
                              {"cost.weight", {s.hidden, all}},
                              {"cost.bias", {s.hidden}},
                              {"cost.output", {s.hidden}},
                              {"cost.linear", {all}},
                              {"cost.constant", {1}}};
  std::size_t offset = 0;
  for (Tensor& tensor : list) {
    tensor.offset = offset;
    offset += tensor.size();
  }
  return list;
}

std::size_t weight_count(const Shape& shape) {
  const Tensor last = tensors(shape).back();
  return last.offset + last.size();
}

bool is_sane(const Shape& s) {
  return s.context <= 4096 && s.candidate <= 1024 && s.monotone <= 1024 && s.buckets >= 1 && s.buckets <= 1U << 20U &&
         s.embedding >= 1 && s.embedding <= 64 && s.trunk >= 1 && s.trunk <= 1024 && s.hidden >= 1 && s.hidden <= 1024;
}

std::vector<float> initial_weights(const Shape& shape, std::uint64_t seed) {
  const std::vector<Tensor> list = tensors(shape);
  std::vector<float> weights(list.back().offset + list.back().size(), 0.0F);
  Random random(seed);
  const auto fill = [&](TensorIndex index, double scale) {
    const Tensor& tensor = list[index];
    for (std::size_t i = 0; i < tensor.size(); ++i) {
      weights[tensor.offset + i] = static_cast<float>(scale * (2 * random.uniform() - 1));
    }
  };
  const auto inverse_root = [](std::size_t inputs) { return 1 / std::sqrt(static_cast<double>(inputs)); };
  fill(trunk_weight, inverse_root(trunk_inputs(shape)));
  fill(fail_weight, inverse_root(free_inputs(shape)));
  fill(fail_monotone, 1.0);
  fill(fail_output, inverse_root(shape.hidden));
  fill(fail_slope, 0.5);
  fill(cost_weight, inverse_root(cost_inputs(shape)));
  fill(cost_output, inverse_root(shape.hidden));
  return weights;
}

}  // namespace jobmedic::model
