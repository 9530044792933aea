#include "recommend/model/calibration.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/random.hpp"

using namespace jobmedic::model;
using Catch::Detail::Approx;
using jobmedic::Random;

namespace {
// Retries that fail with logistic(slope * logit + shift).
std::vector<Judged> judged(double slope, double shift, std::size_t count = 20000) {
  Random random(1);
  std::vector<Judged> list;
  for (std::size_t i = 0; i < count; ++i) {
    const double logit = 8 * random.uniform() - 4;
    const double p = 1 / (1 + std::exp(-slope * logit - shift));
    list.push_back({logit, 0, random.uniform() < p, std::log(2.0), 1});
  }
  return list;
}
}  // namespace

TEST_CASE("calibration finds the slope and shift that the network lacks") {
  const std::vector<Judged> list = judged(0.5, 1);
  const Calibration calibration = calibrate(list, 0);
  CHECK(calibration.slope == Approx(0.5).margin(0.03));
  CHECK(calibration.shift == Approx(1).margin(0.05));
  CHECK(std::exp(calibration.log_smear) == Approx(2));
  const auto metrics = metrics_of(list, calibration);
  CHECK(*metrics.find("calibration")->find("expected_error")->as<double>() < 0.02);
}

TEST_CASE("calibration never turns the order around and never becomes certain of what it did not see") {
  CHECK(calibrate(judged(-2, 0), 0).slope > 0);
  std::vector<Judged> one_class = judged(1, 0, 50);
  for (Judged& example : one_class) example.fails = true;
  CHECK(calibrate(one_class, 0).slope == 1);
  const std::vector<Judged> two = {{-1, 0, false, 0, 1}, {1, 0, true, 0, 1}};
  const Calibration calibration = calibrate(two, 0);
  CHECK(calibration.probability(-1) > 0.05);
  CHECK(calibration.probability(1) < 0.95);
}

TEST_CASE("probabilities stay within 0 and 1 for any logit") {
  const Calibration calibration;
  CHECK(calibration.probability(std::numeric_limits<float>::max()) <= 1);
  CHECK(calibration.probability(std::numeric_limits<float>::lowest()) >= 0);
}

TEST_CASE("the area under the curve is the share of pairs in the right order") {
  const std::vector<Judged> list = {{0, 0, false, 0, 1}, {1, 0, true, 0, 1}, {2, 0, false, 0, 1}, {3, 0, true, 0, 1}};
  CHECK(*metrics_of(list, {}).find("auc")->as<double>() == Approx(0.75));
}
