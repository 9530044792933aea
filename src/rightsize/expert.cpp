#include "rightsize/expert.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rightsize/curve.hpp"

namespace jobmedic::sizing {
namespace {

// Found on nf-core traces; all that is tuned stands here.
constexpr double kernel_share = 0.4;    // of the mean deviation: width of the kernel
constexpr double narrowest = 1e-4;      // kernel, as a share of the prediction: equal peaks prove no certainty
constexpr double judging_factor = 1.5;  // experts are judged by a wider kernel, so that no single run decides
constexpr double anything_goes = 1e-4;  // density, per its size, of a peak that an expert did not expect at all
constexpr double far_weight = 0.02;     // of an error at any distance
constexpr double normal_per_mean_deviation = 1.25;

double log_of(double x) {
  return std::log1p(std::max(x, 0.0));
}

Fit mean(const Sorted& runs) {
  const double all = std::accumulate(runs.y.begin(), runs.y.end(), 0.0) / static_cast<double>(runs.y.size());
  return {std::vector<double>(runs.y.size(), all), all};
}

// Least squares; the prediction left out follows from the leverage, without a second fit.
Fit line(const std::vector<double>& x, const std::vector<double>& y, double next) {
  const auto n = static_cast<double>(x.size());
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xx = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  const double slope = xx > 0 ? xy / xx : 0;
  Fit fit{y, mean_y + slope * (next - mean_x)};
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double error = y[i] - mean_y - slope * (x[i] - mean_x);
    const double leverage = 1 / n + (xx > 0 ? (x[i] - mean_x) * (x[i] - mean_x) / xx : 0);
    fit.left_out[i] -= leverage < 0.99 ? error / (1 - leverage) : error;
  }
  return fit;
}

Fit exponential(Fit fit) {
  for (double& value : fit.left_out) value = std::exp(value);
  fit.next = std::exp(fit.next);
  return fit;
}

template <typename PredictAt>
Fit each_left_out(const Sorted& runs, double log_next, const PredictAt& at) {
  Fit fit{std::vector<double>(runs.y.size()), at(log_next, nobody)};
  for (std::size_t i = 0; i < runs.y.size(); ++i) fit.left_out[i] = at(runs.log_x[i], i);
  return fit;
}

// A line may leave the range of what was ever needed, and even zero.
Fit within(Fit fit, const std::vector<double>& y) {
  const auto [low, high] = std::minmax_element(y.begin(), y.end());
  const double least = *low / 2;
  const double most = *high * 3;
  for (double& value : fit.left_out) value = std::clamp(value, least, most);
  fit.next = std::clamp(fit.next, least, most);
  return fit;
}

std::vector<double> weights(const Expert& expert, const Sorted& runs, double log_x) {
  std::vector<double> weight(runs.x.size(), 1.0);
  if (!expert.local || expert.shape == Shape::nearest) return weight;
  std::vector<double> distance;
  for (const double each : runs.log_x) distance.push_back(std::abs(each - log_x));
  std::vector<double> ordered = distance;
  const std::size_t k = std::min(ordered.size() - 1, std::max<std::size_t>(4, ordered.size() / 4));
  std::nth_element(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(k), ordered.end());
  const double reach = std::max(ordered[k], 1e-3);
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const double square = (distance[i] / reach) * (distance[i] / reach);
    weight[i] = 1 / (1 + square * square) + far_weight;
  }
  return weight;
}

// Of the kernel: a share of the mean deviation that shrinks with the number of runs that really count.
double width(const std::vector<WeightedRatio>& ratios) {
  double total = 0;
  double squares = 0;
  double centre = 0;
  for (const auto& [ratio, weight] : ratios) {
    total += weight;
    squares += weight * weight;
    centre += weight * ratio;
  }
  centre /= total;
  double deviation = 0;
  for (const auto& [ratio, weight] : ratios) deviation += weight * std::abs(ratio - centre);
  deviation /= total;
  const double effective = total * total / squares;
  return std::max(narrowest, kernel_share * normal_per_mean_deviation * deviation * std::pow(effective, -0.2));
}

}  // namespace

Sorted sorted(std::span<const Observation> runs, std::size_t feature) {
  std::vector<std::pair<double, double>> pairs;
  for (const Observation& run : runs) {
    const double x = feature < run.features.size() ? run.features[feature] : 0;
    if (std::isfinite(x)) pairs.emplace_back(x, run.peak);
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Sorted result;
  for (const auto& [x, y] : pairs) {
    result.x.push_back(x);
    result.y.push_back(y);
    result.log_x.push_back(log_of(x));
    result.log_y.push_back(std::log(y));
  }
  return result;
}

double Prediction::density(double peak) const {
  return residuals.density(peak / predicted, judging_factor) / predicted + anything_goes / std::max(peak, 1.0);
}

Fit fitted(const Expert& expert, const Sorted& runs, double x) {
  const double log_x = log_of(x);
  switch (expert.shape) {
    case Shape::constant:
      return mean(runs);
    case Shape::line:
      return within(line(runs.x, runs.y, x), runs.y);
    case Shape::power:
      return within(exponential(line(runs.log_x, runs.log_y, log_x)), runs.y);
    case Shape::nearest:
      return each_left_out(runs, log_x, [&](double at, std::size_t without) {
        return nearest_mean(runs, at, without, expert.local ? 1 : 3);
      });
    case Shape::curve:
      return within(
          each_left_out(runs, log_x, [&](double at, std::size_t without) { return curve_at(runs, at, without); }),
          runs.y);
  }
  return mean(runs);
}

Prediction predict(const Expert& expert, const Sorted& runs, double x, const Fit& fit) {
  const std::vector<double> weight = weights(expert, runs, log_of(x));
  std::vector<WeightedRatio> ratios;
  for (std::size_t i = 0; i < runs.y.size(); ++i) ratios.push_back({runs.y[i] / fit.left_out[i], weight[i]});
  const double kernel = width(ratios);
  return {fit.next, SmoothedResiduals(std::move(ratios), kernel)};
}

}  // namespace jobmedic::sizing
