#pragma once
#include <span>
#include <vector>

#include "recommend/model/architecture.hpp"
#include "recommend/model/forward.hpp"

/// The built-in forward pass of a committee.
namespace jobmedic::model {

/// The mean of several networks, those of network.h, that judge a context alone: no candidate numbers, choices or
/// tokens (shape.candidate and shape.monotone are 0). Immutable, and an answer takes no memory: for judgements by the
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
