#include "rightsize/sizer.hpp"

#include <algorithm>
#include <cmath>

namespace jobmedic::sizing {
namespace {

constexpr std::size_t window = 256;
constexpr double remembered = 0.97;  // of an expert's evidence with each run, so that a job may change
constexpr double negligible = 0.005;
constexpr std::size_t alike = 5;  // runs with the nearest features tell how long one takes
constexpr double above_largest = 1.03;
constexpr double next_try = 1.3;

std::vector<Expert> experts_on(std::size_t features) {
  std::vector<Expert> experts;
  for (std::size_t feature = 0; feature < std::max<std::size_t>(features, 1); ++feature) {
    for (const Shape shape : {Shape::constant, Shape::line, Shape::power, Shape::nearest, Shape::curve}) {
      for (const bool local : {false, true}) {
        if (shape == Shape::constant && !local && feature > 0) continue;  // the same for all
        experts.push_back({shape, feature, local});
      }
    }
  }
  return experts;
}

// Just above past ratios, and beyond the largest; the last ones serve a bound on the risk.
void add_candidates(const Prediction& expert, std::vector<double>& candidates) {
  const auto& ratios = expert.residuals.ratios();
  const double width = expert.width();
  for (std::size_t i = 0; i < ratios.size(); i += 1 + (ratios.size() - i) / 12) {
    for (const double steps : {1.0, 3.0}) candidates.push_back(expert.predicted * ratios[i].ratio + steps * width);
  }
  for (const double steps : {0, 1, 2, 3, 4, 5, 6, 8, 10, 14, 20}) {
    candidates.push_back(expert.largest() + steps * width);
  }
  for (const double times : {1.02, 1.05, 1.1, 1.2, 1.4, 2.0}) candidates.push_back(times * expert.largest());
}

double distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) continue;
    sum += std::abs(std::log1p(std::max(a[i], 0.0)) - std::log1p(std::max(b[i], 0.0)));
  }
  return sum;
}

}  // namespace

Sizer::Sizer(std::size_t features, double failure_price, double failure_price_runs)
    : experts_(experts_on(features)),
      evidence_(experts_.size(), 0.0),
      features_(std::max<std::size_t>(features, 1)),
      failure_price_(failure_price),
      failure_price_runs_(failure_price_runs) {}

const Sizer::Answers& Sizer::ask(std::span<const double> features) {
  if (asked_ && std::equal(features.begin(), features.end(), asked_->begin(), asked_->end())) return answers_;
  asked_.emplace(features.begin(), features.end());
  answers_.assign(experts_.size(), std::nullopt);
  for (std::size_t feature = 0; feature < features_; ++feature) {
    const double x = feature < features.size() ? features[feature] : std::nan("");
    const Sorted known = sorted(runs_, feature);
    std::optional<Fit> fit;
    for (std::size_t i = 0; i < experts_.size(); ++i) {
      const Expert& expert = experts_[i];
      if (expert.feature != feature) continue;
      if (expert.shape == Shape::constant && !expert.local) {
        const Sorted all = known.y.size() == runs_.size() ? known : sorted(runs_, features_);
        answers_[i] = predict(expert, all, 0, fitted(expert, all, 0));
      } else if (std::isfinite(x) && known.y.size() > 1) {
        const bool shared = fit && expert.shape != Shape::nearest && expert.shape == experts_[i - 1].shape;
        if (!shared) fit = fitted(expert, known, x);
        answers_[i] = predict(expert, known, x, *fit);
      }
    }
  }
  return answers_;
}

std::vector<Sizer::Weighed> Sizer::weigh(const Answers& answers) const {
  double best = -HUGE_VAL;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i]) best = std::max(best, evidence_[i]);
  }
  std::vector<Weighed> weighed;
  double total = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const double weight = answers[i] ? std::exp(evidence_[i] - best) : 0;
    if (weight < negligible) continue;
    weighed.push_back({weight, &*answers[i]});
    total += weight;
  }
  for (Weighed& each : weighed) each.weight /= total;
  std::stable_sort(weighed.begin(), weighed.end(), [](const auto& a, const auto& b) { return a.weight > b.weight; });
  return weighed;
}

void Sizer::observe(Observation run) {
  if (!std::isfinite(run.peak) || run.peak <= 0) return;
  if (runs_.size() > 2) {
    const Answers& answers = ask(run.features);
    double sum = 0;
    int said = 0;
    std::vector<std::optional<double>> logs(answers.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (!answers[i]) continue;
      logs[i] = std::log(answers[i]->density(run.peak));
      sum += *logs[i];
      ++said;
    }
    // One that could say nothing about this run neither gains nor loses by it.
    for (std::size_t i = 0; i < logs.size() && said > 0; ++i) {
      evidence_[i] = remembered * evidence_[i] + (logs[i] ? *logs[i] - sum / said : 0);
    }
  }
  if (runs_.size() == window) runs_.erase(runs_.begin());
  largest_ = std::max(largest_, run.peak);
  runs_.push_back(std::move(run));
  asked_.reset();
  ++count_;
}

double Sizer::price(std::span<const double> features) const {
  double held = 0;
  std::vector<std::pair<double, double>> timed;  // distance, logarithm of the duration
  for (const Observation& run : runs_) {
    if (!std::isfinite(run.duration) || run.duration <= 0) continue;
    held += run.peak * run.duration;
    timed.emplace_back(distance(features, run.features), std::log(run.duration));
  }
  if (timed.empty()) return 0;
  const double total = failure_price_ + failure_price_runs_ * held / static_cast<double>(timed.size());
  std::stable_sort(timed.begin(), timed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  timed.resize(std::min(timed.size(), alike));
  double sum = 0;
  for (const auto& near : timed) sum += near.second;
  return total / std::exp(sum / static_cast<double>(timed.size()));
}

std::optional<Sizing> Sizer::size(std::span<const double> features, double max_failure_probability, double most) {
  if (runs_.size() < 2) return std::nullopt;
  const std::vector<Weighed> experts = weigh(ask(features));
  const double price_of_failure = price(features);
  std::vector<double> candidates;
  for (const Weighed& expert : experts) add_candidates(*expert.prediction, candidates);
  for (double& allocation : candidates) allocation = std::min(allocation, most);
  std::optional<Sizing> best;
  for (const double allocation : candidates) {
    Sizing sizing{allocation, 0, 0};
    // Both sums only grow, so most candidates are beaten before every expert was asked.
    const auto beaten = [&] {
      if (!best) return false;
      if (best->failure_probability > max_failure_probability) {
        return sizing.failure_probability >= best->failure_probability;
      }
      return sizing.failure_probability > max_failure_probability || sizing.expected_waste >= best->expected_waste;
    };
    for (const auto& [weight, expert] : experts) {
      const auto [fails, unused] = expert->at(allocation);
      // A failed try holds all of it, and the next one leaves unused about what it gets above the failed one.
      const double next = std::max(expert->largest() + 2 * expert->width(), 1.05 * allocation);
      sizing.failure_probability += weight * fails;
      sizing.expected_waste += weight * (unused + fails * (next + price_of_failure));
      if (beaten()) break;
    }
    if (!beaten()) best = sizing;
  }
  const bool too_risky = best && best->failure_probability > max_failure_probability;
  return too_risky && std::isfinite(most) ? size(features, max_failure_probability) : best;
}

double Sizer::retry(double failed) const {
  return failed < 0.98 * largest_ ? above_largest * largest_ : next_try * failed;
}

}  // namespace jobmedic::sizing
