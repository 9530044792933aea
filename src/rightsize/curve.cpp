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
  std::size_t count = std::min(others, std::max<std::size_t>(6, others * 3 / 10 + 1));
  Neighbours neighbours(runs, log_x, without);
  std::vector<std::size_t> near;
  for (std::size_t i = neighbours.next(); i != nobody && near.size() < count; i = neighbours.next()) near.push_back(i);
  const double reach = std::abs(runs.log_x[near.back()] - log_x) * 1.05 + 0.01;
  double total = 0;
  double mean_x = 0;
  double mean_y = 0;
  std::vector<double> weight;
  for (const std::size_t i : near) {
    const double u = std::abs(runs.log_x[i] - log_x) / reach;
    const double rest = 1 - u * u * u;
    weight.push_back(rest * rest * rest);
    total += weight.back();
    mean_x += weight.back() * runs.log_x[i];
    mean_y += weight.back() * runs.log_y[i];
  }
  mean_x /= total;
  mean_y /= total;
  double xx = 1e-4 * total;  // inputs that hardly differ have no slope
  double xy = 0;
  for (std::size_t k = 0; k < near.size(); ++k) {
    const double x = runs.log_x[near[k]] - mean_x;
    xx += weight[k] * x * x;
    xy += weight[k] * x * (runs.log_y[near[k]] - mean_y);
  }
  return std::exp(mean_y + xy / xx * (log_x - mean_x));
}

}  // namespace jobmedic::sizing
