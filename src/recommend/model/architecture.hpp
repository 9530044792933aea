#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "recommend/model/network.h"

/// The tensors of the network described in network.h: names, shapes and places in the one array of weights.
namespace jobmedic::model {

using Shape = jobmedic_torch_shape;

struct Tensor {
  std::string name;
  std::vector<std::size_t> dimensions;
  std::size_t offset = 0;  ///< in floats
  [[nodiscard]] std::size_t size() const {
    std::size_t count = 1;
    for (const std::size_t dimension : dimensions) count *= dimension;
    return count;
  }
};

/// Places in the array of weights, by tensor.
enum TensorIndex : std::size_t {
  embedding,
  trunk_weight,
  trunk_bias,
  fail_weight,
  fail_monotone,
  fail_bias,
  fail_free,
  fail_slope,
  fail_output,
  fail_constant,
  cost_weight,
  cost_bias,
  cost_output,
  cost_linear,
  cost_constant,
  tensor_count
};

inline std::size_t trunk_inputs(const Shape& s) {
  return std::size_t{s.context} + s.embedding;
}
inline std::size_t free_inputs(const Shape& s) {
  return std::size_t{s.trunk} + s.candidate + s.embedding;
}
inline std::size_t cost_inputs(const Shape& s) {
  return free_inputs(s) + s.monotone;
}

/// In the order of TensorIndex.
std::vector<Tensor> tensors(const Shape& shape);
std::size_t weight_count(const Shape& shape);

/// Every dimension within what a real model needs, so that no file can ask for huge memory.
bool is_sane(const Shape& shape);

/// Untrained weights: embeddings zero (a token never seen in training then has no say), the rest scaled by its inputs.
std::vector<float> initial_weights(const Shape& shape, std::uint64_t seed);

}  // namespace jobmedic::model
