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
  /// How many values the parameter has; 0: a continuum.
  [[nodiscard]] double levels(std::size_t i) const;
  /// How many points the space has before constraints; infinite for a continuum.
  [[nodiscard]] double cardinality() const;

  [[nodiscard]] Eigen::VectorXd encode(const Point& point) const;
  /// The nearest permitted point; constraints are not looked at.
  [[nodiscard]] Point decode(const Eigen::VectorXd& code) const;
  /// A point from coordinates spread evenly over [0, 1), each permitted value getting an equal share of it.
  [[nodiscard]] Point from_uniform(const std::vector<double>& coordinates) const;
  /// Point `number` of a finite space, counted from 0 below cardinality().
  [[nodiscard]] Point numbered(std::uint64_t number) const;
  /// The value `count` steps away from `value`, none past the end or for a continuum.
  [[nodiscard]] std::optional<double> stepped(std::size_t i, double value, int count) const;

 private:
  [[nodiscard]] double encode_one(std::size_t i, double value) const;
  [[nodiscard]] double decode_one(std::size_t i, double code) const;
  [[nodiscard]] double step(std::size_t i) const;
  [[nodiscard]] double level(std::size_t i, double index) const;  // value `index` of a parameter with levels
  const Space& space_;
};

}  // namespace jobmedic::optimizer
