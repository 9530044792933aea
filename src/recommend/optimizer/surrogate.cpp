#include "recommend/optimizer/surrogate.hpp"

#include <algorithm>
#include <cmath>

#include "recommend/optimizer/effort.hpp"
#include "recommend/optimizer/fit.hpp"
#include "recommend/optimizer/warp.hpp"

namespace jobmedic::optimizer {
namespace {

struct Bend {
  double bend;
  double log_prior;
};
// Values with a cliff are what failing jobs have: without evidence they are presumed.
constexpr Bend bends[] = {{0.25, 2}, {1, 0}, {8, 0}};
// Evidence is taken at the fitted hyperparameters only, which overstates it: differences count a quarter.
constexpr double temperature = 4;
// Warm starts are near the optimum already; whenever there are so many times more observations, a fit also begins at
// the prior.
constexpr int warm_evaluations = 6;
constexpr int cold_evaluations = 20;
constexpr double restart_growth = 1.3;
constexpr double least_weight = 0.02;  // below it a view costs time and changes nothing
// A fit costs the cube of the observations it sees; so many of them, evenly picked, tell the hyperparameters. In
// hundreds of dimensions fewer: the differences of all pairs are kept, at most so many numbers.
constexpr std::size_t most_fitted = 150;
constexpr double most_differences = 2e6;

std::vector<Observation> thinned(std::span<const Observation> observations, std::size_t dimensions) {
  const double pairs = most_differences / static_cast<double>(dimensions);
  const std::size_t most = std::clamp(static_cast<std::size_t>(std::sqrt(2 * pairs)), std::size_t{20}, most_fitted);
  const std::size_t stride = (observations.size() + most - 1) / most;
  std::vector<Observation> kept;
  for (std::size_t i = 0; i < observations.size(); i += stride) kept.push_back(observations[i]);
  const auto is_finite = [](const Observation& observation) { return std::isfinite(observation.value); };
  if (std::none_of(kept.begin(), kept.end(), is_finite)) {
    kept.push_back(*std::find_if(observations.begin(), observations.end(), is_finite));
  }
  return kept;
}

std::vector<double> values_of(std::span<const Observation> observations) {
  std::vector<double> values;
  for (const auto& observation : observations) values.push_back(observation.value);
  return values;
}

}  // namespace

Surrogate::Surrogate(const Encoding& encoding, double effort)
    : encoding_(encoding),
      warm_evaluations_(static_cast<int>(part_of(warm_evaluations, effort))),
      cold_evaluations_(static_cast<int>(part_of(cold_evaluations, effort))) {
  for (const Bend& bend : bends) {
    views_.push_back({bend.bend, bend.log_prior, prior_mode(static_cast<Eigen::Index>(encoding.dimensions()))});
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

void Surrogate::fit_views(std::span<const Observation> observations) {
  const bool anew = static_cast<double>(observations.size()) >= restart_growth * static_cast<double>(restarted_at_);
  const std::vector<Observation> seen = thinned(observations, encoding_.dimensions());
  const std::vector<double> values = values_of(seen);
  const Data known = data(seen);
  Evidence explained(known.points, known.categorical);
  std::vector<double> evidence;
  for (View& view : views_) {
    const Warped warp = warped(values, view.bend);
    const bool matters = anew || view.weight >= least_weight;
    Fit best = fit(explained, warp.values, view.hyperparameters, matters ? warm_evaluations_ : 1);
    if (anew) {
      const Fit other = fit(explained, warp.values, prior_mode(known.points.cols()), cold_evaluations_);
      if (other.value < best.value) best = other;
    }
    view.hyperparameters = best.hyperparameters;
    evidence.push_back(view.log_prior + warp.log_jacobian - best.value);
  }
  const double most = *std::max_element(evidence.begin(), evidence.end());
  double total = 0;
  for (std::size_t i = 0; i < views_.size(); ++i) {
    views_[i].weight = std::isfinite(evidence[i]) ? std::exp((evidence[i] - most) / temperature) : 0;
    total += views_[i].weight;
  }
  for (View& view : views_) view.weight /= total;
  fitted_to_ = observations.size();
  if (anew) restarted_at_ = observations.size();
}

void Surrogate::condition(std::span<const Observation> observations) {
  // One more observation among hundreds changes the hyperparameters little.
  const std::size_t growth = observations.size() - fitted_to_;
  if (fitted_to_ == 0 || growth * 50 >= observations.size()) fit_views(observations);
  const std::vector<double> values = values_of(observations);
  Data known = data(observations);
  processes_.clear();
  for (const View& view : views_) {
    if (view.weight < least_weight) continue;
    known.values = warped(values, view.bend).values;
    processes_.push_back({GaussianProcess(known, view.hyperparameters), view.weight});
  }
}

void Surrogate::believe(const Point& point) {
  const Eigen::VectorXd code = encoding_.encode(point);
  for (auto& [process, weight] : processes_) process.append(code, process.posterior(code).mean);
}

LogExpectedImprovement Surrogate::acquisition() const {
  std::vector<LogExpectedImprovement::View> used;
  for (const auto& [process, weight] : processes_) used.push_back({&process, process.smoothed().minCoeff(), weight});
  return LogExpectedImprovement(std::move(used));
}

}  // namespace jobmedic::optimizer
