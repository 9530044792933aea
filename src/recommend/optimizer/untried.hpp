#pragma once
#include <cstdint>
#include <optional>
#include <set>

#include "core/random.hpp"
#include "recommend/optimizer/constraints.hpp"
#include "recommend/optimizer/encoding.hpp"
#include "recommend/optimizer/sobol.hpp"

namespace jobmedic::optimizer {

/// Points nobody asked for or told about yet, found without a model. Borrows encoding and constraints.
class Untried {
 public:
  Untried(const Encoding& encoding, const Constraints& constraints, std::uint64_t seed);

  void take(const Point& point) { taken_.insert(point); }
  [[nodiscard]] bool is_taken(const Point& point) const { return taken_.contains(point); }
  /// The centre of the space, which tells most about the rest, then a scrambled Sobol sequence; brought under the
  /// constraints. None in an exhausted space.
  [[nodiscard]] std::optional<Point> evenly_spread();
  /// Any at all; none where a finite space has none left, or where many tries found none.
  [[nodiscard]] std::optional<Point> any();

 private:
  [[nodiscard]] std::optional<Point> free_near(Point point) const;
  [[nodiscard]] std::optional<Point> by_number() const;

  const Encoding& encoding_;
  const Constraints& constraints_;
  Random random_;
  Sobol sobol_;
  bool centre_given_ = false;
  std::uint32_t next_ = 0;
  std::set<Point> taken_;
};

}  // namespace jobmedic::optimizer
