#include "recommend/optimizer/constraints.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/random.hpp"

namespace jobmedic::optimizer {
namespace {

// Sums of steps are not exact in binary: a limit is kept to this share of the numbers that made the sum.
constexpr double rounding = 1e-12;

// The values tried for one parameter: from where it is towards both ends, finer near where it is.
std::vector<double> line(const Space& space, std::size_t i, double from) {
  const Parameter& parameter = space.parameters[i];
  std::vector<double> values{parameter.min, parameter.max};
  for (int halvings = 1; halvings <= 13; ++halvings) {
    const double share = std::ldexp(1, -halvings);
    values.push_back(from + share * (parameter.min - from));
    values.push_back(from + share * (parameter.max - from));
  }
  for (double& value : values) value = space.snap(i, value);
  return values;
}

}  // namespace

Constraints::Constraints(const Space& space) : space_(space) {
  if (space.constraints.empty()) return;
  std::map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < space.parameters.size(); ++i) index.emplace(space.parameters[i].name, i);
  for (const auto& constraint : space.constraints) {
    Sum sum{{}, constraint.limit};
    for (const auto& term : constraint.terms) {
      sum.terms.push_back(
          {term.coefficient, index.at(term.parameter), term.times.empty() ? none : index.at(term.times)});
    }
    sums_.push_back(std::move(sum));
  }
}

double Constraints::overrun(const Sum& sum, const Point& point) {
  double total = 0;
  double size = std::abs(sum.limit);
  for (const Term& term : sum.terms) {
    const double value = term.coefficient * point[term.parameter] * (term.times == none ? 1 : point[term.times]);
    total += value;
    size = std::max(size, std::abs(value));
  }
  const double beyond = total - sum.limit;
  return beyond <= rounding * size ? 0 : beyond / size;
}

double Constraints::violation(const Point& point) const {
  double total = 0;
  for (const Sum& sum : sums_) total += overrun(sum, point);
  return total;
}

double Constraints::least_sum(std::size_t constraint) const {
  double total = 0;
  for (const Term& term : sums_[constraint].terms) {
    const Parameter& a = space_.parameters[term.parameter];
    const bool alone = term.times == none;
    const double low = alone ? 1 : space_.parameters[term.times].min;
    const double high = alone ? 1 : space_.parameters[term.times].max;
    const std::array corners{a.min * low, a.min * high, a.max * low, a.max * high};
    const auto [least, most] = std::minmax_element(corners.begin(), corners.end());
    total += std::min(term.coefficient * *least, term.coefficient * *most);
  }
  return total;
}

void Constraints::heal(Point& point, std::size_t parameter, double& violation_now) const {
  const double origin = point[parameter];
  double best = origin;
  for (const double value : line(space_, parameter, origin)) {
    point[parameter] = value;
    const double there = violation(point);
    // Among values that heal as much, the one nearest to where it was: points stay as varied as they came.
    if (there < violation_now || (there == violation_now && std::abs(value - origin) < std::abs(best - origin))) {
      violation_now = there;
      best = value;
    }
  }
  point[parameter] = best;
}

std::optional<Point> Constraints::repaired(Point point) const {
  double now = violation(point);
  constexpr int rounds = 8;
  for (int round = 0; round < rounds && now > 0; ++round) {
    const double before = now;
    for (std::size_t i = 0; i < point.size() && now > 0; ++i) {
      if (space_.parameters[i].type != ParameterType::categorical) heal(point, i, now);
    }
    if (now >= before) break;
  }
  if (now > 0) return std::nullopt;
  return point;
}

std::optional<Point> Constraints::any_feasible() const {
  Random random(0);
  constexpr int tries = 200;
  for (int attempt = 0; attempt < tries; ++attempt) {
    Point start;
    for (std::size_t i = 0; i < space_.parameters.size(); ++i) {
      const Parameter& parameter = space_.parameters[i];
      const double share = attempt < 2 ? attempt : random.uniform();  // first the two corners
      const bool categorical = parameter.type == ParameterType::categorical;
      start.push_back(categorical ? 0 : space_.snap(i, parameter.min + share * (parameter.max - parameter.min)));
    }
    if (auto point = repaired(std::move(start))) return point;
  }
  return std::nullopt;
}

}  // namespace jobmedic::optimizer
