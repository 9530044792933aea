#include "recommend/optimizer/surrogate.hpp"

#include <algorithm>
#include <cmath>

#include "recommend/optimizer/fit.hpp"
#include "recommend/optimizer/warp.hpp"

namespace jobmedic::optimizer {
namespace {

constexpr double bends[] = {0.25, 1, 8};
// Evidence is taken at the fitted hyperparameters only, which overstates it: differences count a quarter.
constexpr double temperature = 4;
// Warm starts are near the optimum already; from time to time a fit also begins at the prior.
constexpr int warm_evaluations = 6;
constexpr int cold_evaluations = 20;

}  // namespace

Surrogate::Surrogate(const Encoding& encoding) : encoding_(encoding) {
  for (const double bend : bends) {
    views_.push_back({bend, prior_mode(static_cast<Eigen::Index>(encoding.dimensions()))});
  }
}

Data Surrogate::data(std::span<const Observation> observations) const {
  Data made;
  const auto dimensions = static_cast<Eigen::Index>(encoding_.dimensions());
  made.points.resize(static_cast<Eigen::Index>(observations.size()), dimensions);
  for (std::size_t i = 0; i < observations.size(); ++i) {
    made.points.row(static_cast<Eigen::Index>(i)) = encoding_.encode(observations[i].point).transpose();
  }
  for (std::size_t i = 0; i < encoding_.dimensions(); ++i) made.categorical.push_back(encoding_.categorical(i));
  return made;
}

void Surrogate::fit_views(Data& data, std::span<const double> values) {
  const bool anew = static_cast<double>(values.size()) >= 1.15 * static_cast<double>(restarted_at_);
  std::vector<double> evidence;
  for (View& view : views_) {
    const Warped warp = warped(values, view.bend);
    data.values = warp.values;
    Fit best = fit(data, view.hyperparameters, warm_evaluations);
    if (anew) {
      const Fit other = fit(data, prior_mode(data.points.cols()), cold_evaluations);
      if (other.value < best.value) best = other;
    }
    view.hyperparameters = best.hyperparameters;
    evidence.push_back(warp.log_jacobian - best.value);
  }
  const double most = *std::max_element(evidence.begin(), evidence.end());
  double total = 0;
  for (std::size_t i = 0; i < views_.size(); ++i) {
    views_[i].weight = std::isfinite(evidence[i]) ? std::exp((evidence[i] - most) / temperature) : 0;
    total += views_[i].weight;
  }
  for (View& view : views_) view.weight /= total;
  fitted_to_ = values.size();
  if (anew) restarted_at_ = values.size();
}

void Surrogate::condition(std::span<const Observation> observations) {
  Data now = data(observations);
  std::vector<double> values;
  for (const auto& observation : observations) values.push_back(observation.value);
  // One more observation among hundreds changes little, and a fit costs the cube of their number.
  const std::size_t growth = values.size() - std::min(fitted_to_, values.size());
  if (fitted_to_ == 0 || growth * 50 >= values.size()) fit_views(now, values);
  processes_.clear();
  for (const View& view : views_) {
    now.values = warped(values, view.bend).values;
    processes_.emplace_back(now, view.hyperparameters);
  }
}

void Surrogate::believe(const Point& point) {
  const Eigen::VectorXd code = encoding_.encode(point);
  for (GaussianProcess& process : processes_) process.append(code, process.posterior(code).mean);
}

LogExpectedImprovement Surrogate::acquisition() const {
  constexpr double least_weight = 0.02;  // below it a view costs time and changes nothing
  std::vector<LogExpectedImprovement::View> used;
  for (std::size_t i = 0; i < views_.size(); ++i) {
    if (views_[i].weight < least_weight) continue;
    used.push_back({&processes_[i], processes_[i].smoothed().minCoeff(), views_[i].weight});
  }
  return LogExpectedImprovement(std::move(used));
}

}  // namespace jobmedic::optimizer
