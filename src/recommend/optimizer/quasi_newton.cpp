#include "recommend/optimizer/quasi_newton.hpp"

#include <cmath>
#include <deque>

namespace jobmedic::optimizer {
namespace {

using Eigen::VectorXd;

// What the last steps told about the curvature.
class History {
 public:
  void add(const VectorXd& step, const VectorXd& change) {
    const double curvature = step.dot(change);
    if (!(curvature > 1e-10 * step.norm() * change.norm())) return;
    if (pairs_.size() == longest) pairs_.pop_front();
    pairs_.push_back({step, change, curvature});
  }
  void clear() { pairs_.clear(); }
  [[nodiscard]] bool empty() const { return pairs_.empty(); }

  // The two-loop recursion, over the free coordinates (`mask` is 1 there, 0 where a bound holds the coordinate).
  [[nodiscard]] VectorXd direction(const VectorXd& gradient, const VectorXd& mask) const {
    VectorXd q = gradient.cwiseProduct(mask);
    std::vector<double> weights(pairs_.size());
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      weights[i] = pairs_[i].step.dot(q) / pairs_[i].curvature;
      q -= weights[i] * pairs_[i].change;
    }
    if (!pairs_.empty()) q *= pairs_.back().curvature / pairs_.back().change.squaredNorm();
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      q += (weights[i] - pairs_[i].change.dot(q) / pairs_[i].curvature) * pairs_[i].step;
    }
    return -q.cwiseProduct(mask);
  }

 private:
  static constexpr std::size_t longest = 8;
  struct Pair {
    VectorXd step;
    VectorXd change;
    double curvature;
  };
  std::deque<Pair> pairs_;
};

VectorXd free_coordinates(const VectorXd& x, const VectorXd& gradient, const VectorXd& low, const VectorXd& high) {
  VectorXd mask(x.size());
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const bool held = (x[i] <= low[i] && gradient[i] > 0) || (x[i] >= high[i] && gradient[i] < 0);
    mask[i] = held ? 0 : 1;
  }
  return mask;
}

}  // namespace

Minimum minimise(const Objective& objective, const VectorXd& start, const VectorXd& low, const VectorXd& high,
                 const QuasiNewtonOptions& options) {
  VectorXd gradient(start.size());
  Minimum now{start, objective(start, gradient), 1};
  if (!std::isfinite(now.value)) return now;
  History history;
  VectorXd next_gradient(start.size());
  while (now.evaluations < options.evaluations) {
    const VectorXd mask = free_coordinates(now.x, gradient, low, high);
    VectorXd direction = history.direction(gradient, mask);
    if (!(direction.dot(gradient) < 0)) {
      history.clear();
      direction = -gradient.cwiseProduct(mask);
    }
    // Without curvature a gradient says nothing about distance: the first step is a tenth of the box.
    double length = history.empty() ? 0.1 / std::max(direction.lpNorm<Eigen::Infinity>(), 1e-12) : 1;
    bool stepped = false;
    double gain = 0;
    while (now.evaluations < options.evaluations && !stepped) {
      const VectorXd x = (now.x + length * direction).cwiseMax(low).cwiseMin(high);
      const VectorXd step = x - now.x;
      if (step.lpNorm<Eigen::Infinity>() < 1e-12) return now;
      const double value = objective(x, next_gradient);
      ++now.evaluations;
      if (std::isfinite(value) && value <= now.value + 1e-4 * gradient.dot(step)) {
        history.add(step, next_gradient - gradient);
        gain = now.value - value;
        now.x = x;
        now.value = value;
        gradient = next_gradient;
        stepped = true;
      } else {
        // The parabola through both ends and the slope, kept from shrinking too fast or too little.
        const double slope = gradient.dot(step);
        const double parabola = -0.5 * slope / (value - now.value - slope);
        length *= std::isfinite(parabola) ? std::clamp(parabola, 0.1, 0.5) : 0.25;
      }
    }
    if (stepped && gain < options.tolerance * (1 + std::abs(now.value))) break;
  }
  return now;
}

}  // namespace jobmedic::optimizer
