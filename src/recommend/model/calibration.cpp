#include "recommend/model/calibration.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "json/reader.hpp"

namespace jobmedic::model {
namespace {

constexpr double most_logit = 30;

// Newton's method on the two parameters of Platt's logistic (Platt 1999), with a pull towards leaving things as they
// are worth one failed attempt's examples.
void fit_platt(std::span<const Judged> judged, Calibration& fit) {
  constexpr double prior = 1;
  for (int iteration = 0; iteration < 50; ++iteration) {
    double g0 = prior * fit.shift, g1 = prior * (fit.slope - 1), h00 = prior, h01 = 0, h11 = prior;
    for (const Judged& example : judged) {
      const double p = fit.probability(example.logit);
      const double x = std::clamp(example.logit, -most_logit, most_logit);
      const double miss = example.weight * (p - (example.fails ? 1 : 0));
      const double curve = example.weight * p * (1 - p);
      g0 += miss;
      g1 += miss * x;
      h00 += curve;
      h01 += curve * x;
      h11 += curve * x * x;
    }
    const double determinant = h00 * h11 - h01 * h01;
    const double d0 = (h11 * g0 - h01 * g1) / determinant, d1 = (h00 * g1 - h01 * g0) / determinant;
    fit.shift = std::clamp(fit.shift - std::clamp(d0, -1.0, 1.0), -10.0, 10.0);
    fit.slope = std::clamp(fit.slope - std::clamp(d1, -0.5, 0.5), 0.05, 5.0);
    if (std::abs(d0) + std::abs(d1) < 1e-9) break;
  }
}

double weight_of(std::span<const Judged> judged, bool fails) {
  double sum = 0;
  for (const Judged& example : judged) sum += example.fails == fails ? example.weight : 0;
  return sum;
}

// The chance that a retry that failed was judged more dangerous than one that did not.
double area_under_curve(std::span<const Judged> judged) {
  std::vector<Judged> order(judged.begin(), judged.end());
  std::sort(order.begin(), order.end(), [](const Judged& a, const Judged& b) { return a.logit < b.logit; });
  double below = 0, area = 0;
  for (std::size_t i = 0; i < order.size();) {
    double good = 0, bad = 0;
    const std::size_t begin = i;
    for (; i < order.size() && order[i].logit == order[begin].logit; ++i)
      (order[i].fails ? bad : good) += order[i].weight;
    area += bad * (below + good / 2);
    below += good;
  }
  return area / (weight_of(judged, true) * weight_of(judged, false));
}

json::Value table(std::span<const Judged> judged, const Calibration& calibration) {
  struct Bin {
    double weight = 0, predicted = 0, observed = 0;
  };
  std::array<Bin, 10> bins;
  double total = 0, error = 0;
  for (const Judged& example : judged) {
    const double p = calibration.probability(example.logit);
    Bin& bin = bins[std::min<std::size_t>(static_cast<std::size_t>(p * 10), 9)];
    bin.weight += example.weight;
    bin.predicted += example.weight * p;
    bin.observed += example.fails ? example.weight : 0;
    total += example.weight;
  }
  json::Array rows;
  for (const Bin& bin : bins) {
    if (bin.weight <= 0) continue;
    error += std::abs(bin.predicted - bin.observed) / total;
    rows.emplace_back(json::object(
        {{"weight", bin.weight}, {"predicted", bin.predicted / bin.weight}, {"observed", bin.observed / bin.weight}}));
  }
  return json::object({{"expected_error", error}, {"bins", std::move(rows)}});
}

}  // namespace

double Calibration::probability(double logit) const {
  const double z = slope * std::clamp(logit, -most_logit, most_logit) + shift;
  return 1 / (1 + std::exp(-z));
}

json::Value Calibration::to_json() const {
  return json::object({{"slope", slope}, {"shift", shift}, {"log_smear", log_smear}, {"offset", offset}});
}

Calibration Calibration::from_json(const json::Value& value) {
  const json::Reader reader(value);
  Calibration calibration;
  calibration.slope = reader.at("slope").number_in(1e-3, 1e3);
  calibration.shift = reader.at("shift").number_in(-1e3, 1e3);
  calibration.log_smear = reader.at("log_smear").number_in(-10, 10);
  calibration.offset = reader.at("offset").number_in(-100, 100);
  return calibration;
}

Calibration calibrate(std::span<const Judged> judged, double offset) {
  Calibration calibration;
  calibration.offset = offset;
  if (weight_of(judged, true) > 0 && weight_of(judged, false) > 0) fit_platt(judged, calibration);
  double sum = 0, weight = 0;
  for (const Judged& example : judged) {
    if (std::isnan(example.true_log_cost)) continue;
    sum += example.weight * std::exp(std::clamp(example.true_log_cost - example.log_cost, -3.0, 3.0));
    weight += example.weight;
  }
  if (weight > 0) calibration.log_smear = std::log(sum / weight);
  return calibration;
}

double log_loss(std::span<const Judged> judged, const Calibration& calibration) {
  double sum = 0, weight = 0;
  for (const Judged& example : judged) {
    const double p = std::clamp(calibration.probability(example.logit), 1e-9, 1 - 1e-9);
    sum -= example.weight * std::log(example.fails ? p : 1 - p);
    weight += example.weight;
  }
  return sum / weight;
}

double cost_error(std::span<const Judged> judged) {
  double sum = 0, weight = 0;
  for (const Judged& example : judged) {
    if (std::isnan(example.true_log_cost)) continue;
    sum += example.weight * std::abs(example.true_log_cost - example.log_cost);
    weight += example.weight;
  }
  return weight > 0 ? sum / weight : 0;
}

json::Value metrics_of(std::span<const Judged> judged, const Calibration& calibration) {
  double weight = 0, brier = 0;
  for (const Judged& example : judged) {
    const double miss = calibration.probability(example.logit) - (example.fails ? 1 : 0);
    weight += example.weight;
    brier += example.weight * miss * miss;
  }
  json::Value auc;
  if (weight_of(judged, true) > 0 && weight_of(judged, false) > 0) auc = area_under_curve(judged);
  return json::object({{"examples", std::uint64_t{judged.size()}},
                       {"failing_share", weight_of(judged, true) / weight},
                       {"log_loss", log_loss(judged, calibration)},
                       {"brier", brier / weight},
                       {"auc", auc},
                       {"relative_cost_error", std::exp(cost_error(judged)) - 1},
                       {"calibration", table(judged, calibration)}});
}

}  // namespace jobmedic::model
