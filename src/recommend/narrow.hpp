#pragma once
#include <optional>
#include <vector>

#include "jobmedic/model.hpp"
#include "recommend/configuration.hpp"
#include "recommend/remedies.hpp"

namespace jobmedic::recommender {

/// The part of an engine's space a model may search for one failure: the remedy's parameters that have a value, in the
/// permitted direction, at most max_growth away, the engine's constraints restated over them.
struct NarrowSpace {
  Space space;
  std::vector<std::size_t> parameters;  ///< index in the engine's space, by parameter of `space`
  Point start;                          ///< the failed configuration, moved to the nearest permitted values

  [[nodiscard]] Changes changes(const Point& point, const Configuration& configuration) const;
};

/// None where the model knows nothing of the resource that failed, or nothing can be changed.
std::optional<NarrowSpace> narrow(const Remedy& remedy, const Configuration& configuration, const Policy& policy,
                                  const Model& model);

}  // namespace jobmedic::recommender
