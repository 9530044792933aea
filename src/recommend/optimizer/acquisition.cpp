#include "recommend/optimizer/acquisition.hpp"

#include <cmath>
#include <numbers>

namespace jobmedic::optimizer {
namespace {

constexpr double half_log_two_pi = 0.91893853320467274178;
constexpr double sqrt_half_pi = 1.25331413731550025121;

// exp(x^2) erfc(x) for x >= 0: directly while that neither over- nor underflows, then by its continued fraction.
double scaled_erfc(double x) {
  constexpr double switch_over = 5;
  if (x < switch_over) return std::exp(x * x) * std::erfc(x);
  double fraction = x;
  for (int k = 40; k > 0; --k) fraction = x + 0.5 * k / fraction;
  return 1 / (std::sqrt(std::numbers::pi) * fraction);
}

double log_density(double z) {
  return -0.5 * z * z - half_log_two_pi;
}

double log_cumulative(double z) {
  if (z > 0) return std::log1p(-0.5 * std::erfc(z * std::numbers::sqrt2 / 2));
  return -0.5 * z * z + std::log(0.5 * scaled_erfc(-z * std::numbers::sqrt2 / 2));
}

double improvement(const LogExpectedImprovement::View& view, const Posterior& at) {
  const double deviation = std::sqrt(at.variance);
  return log_h((view.best - at.mean) / deviation) + std::log(deviation);
}

}  // namespace

double log_h(double z) {
  if (z > -1) {
    const double cumulative = 0.5 * std::erfc(-z * std::numbers::sqrt2 / 2);
    return std::log(std::exp(log_density(z)) + z * cumulative);
  }
  // phi(z) (1 - |z| Phi(z) / phi(z)): the bracket is about 1 / z^2, which far out its own difference cannot resolve.
  constexpr double far_out = -1e4;
  if (z < far_out) return log_density(z) - 2 * std::log(-z);
  return log_density(z) + std::log1p(z * sqrt_half_pi * scaled_erfc(-z * std::numbers::sqrt2 / 2));
}

Eigen::VectorXd LogExpectedImprovement::of_all(const Eigen::MatrixXd& points) const {
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(points.cols());
  for (const View& view : views_) {
    const Posteriors at = view.process->posteriors(points);
    for (Eigen::Index i = 0; i < points.cols(); ++i)
      sums[i] += view.weight * improvement(view, {at.mean[i], at.variance[i]});
  }
  return sums;
}

double LogExpectedImprovement::operator()(const Eigen::VectorXd& x) const {
  double sum = 0;
  for (const View& view : views_) {
    sum += view.weight * improvement(view, view.process->posterior(x));
  }
  return sum;
}

double LogExpectedImprovement::operator()(const Eigen::VectorXd& x, Eigen::VectorXd& gradient) const {
  gradient.setZero(x.size());
  double sum = 0;
  PosteriorGradient slope;
  for (const View& view : views_) {
    const Posterior at = view.process->posterior(x, slope);
    const double deviation = std::sqrt(at.variance);
    const double z = (view.best - at.mean) / deviation;
    const double h = log_h(z);
    // d EI = phi d(deviation) - Phi d(mean); both ratios to h are taken in logarithms.
    const double by_deviation = std::exp(log_density(z) - h) / deviation;
    const double by_mean = -std::exp(log_cumulative(z) - h) / deviation;
    gradient += view.weight * (by_mean * slope.mean + (by_deviation / (2 * deviation)) * slope.variance);
    sum += view.weight * (h + std::log(deviation));
  }
  return sum;
}

}  // namespace jobmedic::optimizer
