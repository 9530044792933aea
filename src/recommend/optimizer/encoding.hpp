#pragma once
#include <Eigen/Core>
#include <cstdint>
#include <optional>

#include "jobmedic/space.hpp"

namespace jobmedic::optimizer {

/// Between a space's own units and the cube the model works in: numbers go to [0, 1], logarithmically where the scale
/// says so; a categorical coordinate stays the index of its value. Borrows the space.
class Encoding {
 public:
  explicit Encoding(const Space& space) : space_(space) {}

  [[nodiscard]] std::size_t dimensions() const noexcept { return space_.parameters.size(); }
  [[nodiscard]] bool categorical(std::size_t i) const {
    return space_.parameters[i].type == ParameterType::categorical;
  }
  [[nodiscard]] const Space& space() const noexcept { return space_; }

  [[nodiscard]] Eigen::VectorXd encode(const Point& point) const;
  /// The nearest permitted point; constraints are not looked at.
  [[nodiscard]] Point decode(const Eigen::VectorXd& code) const;
  /// A point from coordinates spread evenly over [0, 1), each permitted value getting an equal share of it.
  [[nodiscard]] Point from_uniform(const std::vector<double>& coordinates) const;
  /// The value `count` steps away from `value`, none past the end or for a continuum.
  [[nodiscard]] std::optional<double> stepped(std::size_t i, double value, int count) const;

 private:
  [[nodiscard]] double encode_one(std::size_t i, double value) const;
  [[nodiscard]] double decode_one(std::size_t i, double code) const;
  const Space& space_;
};

}  // namespace jobmedic::optimizer
