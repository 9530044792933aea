#include "rightsize/curve.hpp"

#include <algorithm>
#include <cmath>

namespace jobmedic::sizing {
namespace {

// The run nearest to log_x among those not visited yet, one after the other.
class Neighbours {
 public:
  Neighbours(const Sorted& runs, double log_x, std::size_t without) : runs_(runs), log_x_(log_x), without_(without) {
    right_ =
        static_cast<std::size_t>(std::lower_bound(runs.log_x.begin(), runs.log_x.end(), log_x) - runs.log_x.begin());
    left_ = right_;
  }

  /// Its index, or nobody.
  std::size_t next() {
    for (;;) {
      const bool has_left = left_ > 0;
      const bool has_right = right_ < runs_.log_x.size();
      if (!has_left && !has_right) return nobody;
      const bool go_left = has_left && (!has_right || log_x_ - runs_.log_x[left_ - 1] <= runs_.log_x[right_] - log_x_);
      const std::size_t index = go_left ? --left_ : right_++;
      if (index != without_) return index;
    }
  }

 private:
  const Sorted& runs_;
  double log_x_;
  std::size_t without_, left_ = 0, right_ = 0;
};

}  // namespace

double nearest_mean(const Sorted& runs, double log_x, std::size_t without, std::size_t count) {
  Neighbours neighbours(runs, log_x, without);
  double total = 0;
  double sum = 0;
  for (std::size_t i = neighbours.next(); i != nobody && count > 0; i = neighbours.next(), --count) {
    const double weight = 1 / (std::abs(runs.log_x[i] - log_x) + 1e-3);
    total += weight;
    sum += weight * runs.y[i];
  }
  return sum / total;
}

double curve_at(const Sorted& runs, double log_x, std::size_t without) {
  const std::size_t others = runs.y.size() - (without == nobody ? 0 : 1);
  const std::size_t count = std::min(others, std::max<std::size_t>(6, others * 3 / 10 + 1));
  Neighbours neighbours(runs, log_x, without);
  std::size_t farthest = nobody;
  std::size_t first = runs.y.size();
  std::size_t last = 0;  // the runs near are all between, but the one left out
  for (std::size_t n = 0; n < count; ++n) {
    farthest = neighbours.next();
    first = std::min(first, farthest);
    last = std::max(last, farthest);
  }
  const double reach = std::abs(runs.log_x[farthest] - log_x) * 1.05 + 0.01;
  const double middle = runs.log_y[first];  // sums about a value near the mean lose no digits
  double total = 0;
  double sum_x = 0;
  double sum_y = 0;
  double sum_xx = 0;
  double sum_xy = 0;
  for (std::size_t i = first; i <= last; ++i) {
    if (i == without) continue;
    const double x = runs.log_x[i] - log_x;
    const double y = runs.log_y[i] - middle;
    const double u = std::abs(x) / reach;
    const double rest = 1 - u * u * u;
    const double weight = rest * rest * rest;
    total += weight;
    sum_x += weight * x;
    sum_y += weight * y;
    sum_xx += weight * x * x;
    sum_xy += weight * x * y;
  }
  const double xx = 1e-4 * total + sum_xx - sum_x * sum_x / total;  // inputs that hardly differ have no slope
  const double xy = sum_xy - sum_x * sum_y / total;
  return std::exp(middle + sum_y / total - xy / xx * sum_x / total);
}

}  // namespace jobmedic::sizing
