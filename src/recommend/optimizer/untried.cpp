#include "recommend/optimizer/untried.hpp"

#include <utility>

namespace jobmedic::optimizer {

Untried::Untried(const Encoding& encoding, const Constraints& constraints, std::uint64_t seed)
    : encoding_(encoding), constraints_(constraints), random_(seed), sobol_(encoding.dimensions(), random_.next()) {}

std::optional<Point> Untried::free_near(Point point) const {
  auto repaired = constraints_.repaired(std::move(point));
  if (!repaired || is_taken(*repaired)) return std::nullopt;
  return repaired;
}

std::optional<Point> Untried::evenly_spread() {
  if (!std::exchange(centre_given_, true)) {
    if (auto centre = free_near(encoding_.from_uniform(std::vector<double>(encoding_.dimensions(), 0.5))))
      return centre;
  }
  constexpr int tries = 50;
  for (int i = 0; i < tries; ++i) {
    if (auto point = free_near(encoding_.from_uniform(sobol_.point(next_++)))) return point;
  }
  return any();
}

std::optional<Point> Untried::any() {
  constexpr int tries = 200;
  std::vector<double> coordinates(encoding_.dimensions());
  for (int i = 0; i < tries; ++i) {
    for (double& coordinate : coordinates) coordinate = random_.uniform();
    if (auto point = free_near(encoding_.from_uniform(coordinates))) return point;
  }
  return by_number();
}

// In a small space every point in turn: chance alone would miss the last few.
std::optional<Point> Untried::by_number() const {
  constexpr double most = 1e5;
  if (encoding_.space().cardinality() > most) return std::nullopt;
  const auto count = static_cast<std::uint64_t>(encoding_.space().cardinality());
  for (std::uint64_t number = 0; number < count; ++number) {
    Point point = encoding_.space().numbered(number);
    if (!is_taken(point) && constraints_.violation(point) == 0) return point;
  }
  return std::nullopt;
}

}  // namespace jobmedic::optimizer
