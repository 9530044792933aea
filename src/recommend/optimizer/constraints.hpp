#pragma once
#include <optional>
#include <vector>

#include "jobmedic/space.hpp"

namespace jobmedic::optimizer {

/// A space's constraints with names resolved. Borrows the space. Every name must be known (Space::check).
class Constraints {
 public:
  explicit Constraints(const Space& space);

  [[nodiscard]] bool empty() const noexcept { return sums_.empty(); }
  /// How far `point` is beyond the limits: 0 where all hold.
  [[nodiscard]] double violation(const Point& point) const;
  /// The least the sum can be anywhere within the bounds: exact where no parameter occurs in two terms.
  [[nodiscard]] double least_sum(std::size_t constraint) const;
  /// A feasible point near `start` (on its steps), found by walking one parameter at a time; none where that gets
  /// stuck.
  [[nodiscard]] std::optional<Point> repaired(Point start) const;
  /// Any feasible point; none where neither the corners nor many points in between lead to one.
  [[nodiscard]] std::optional<Point> any_feasible() const;

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct Term {
    double coefficient;
    std::size_t parameter;
    std::size_t times;  // none: the parameter alone
  };
  struct Sum {
    std::vector<Term> terms;
    double limit;
  };
  [[nodiscard]] static double overrun(const Sum& sum, const Point& point);
  void heal(Point& point, std::size_t parameter, double& violation_now) const;

  const Space& space_;
  std::vector<Sum> sums_;
};

}  // namespace jobmedic::optimizer
