// The parts of the optimizer against what is known about them: published values, finite differences, integrals.
#include <Eigen/Cholesky>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "core/random.hpp"
#include "recommend/optimizer/acquisition.hpp"
#include "recommend/optimizer/fit.hpp"
#include "recommend/optimizer/gaussian_process.hpp"
#include "recommend/optimizer/quasi_newton.hpp"
#include "recommend/optimizer/sobol.hpp"
#include "recommend/optimizer/triangle.hpp"
#include "recommend/optimizer/warp.hpp"

using namespace jobmedic::optimizer;
using Eigen::Index;
using Eigen::VectorXd;
using jobmedic::Random;

namespace {

// `n` random points in `d` dimensions, the last one categorical with three values, and a wavy value at each.
Data example_data(Index n, Index d) {
  Random random(7);
  Data data{Eigen::MatrixXd(n, d), VectorXd(n), std::vector<bool>(static_cast<std::size_t>(d), false)};
  data.categorical.back() = true;
  for (Index row = 0; row < n; ++row) {
    for (Index i = 0; i < d; ++i) data.points(row, i) = random.uniform();
    data.points(row, d - 1) = static_cast<double>(random.below(3));
    data.values[row] = std::sin(5 * data.points.row(row).sum()) + 0.01 * random.normal();
  }
  return data;
}

Hyperparameters example_hyperparameters(Index d) {
  Hyperparameters some = prior_mode(d);
  for (Index i = 0; i < d; ++i) some.log_length[i] = -0.7 + 0.3 * static_cast<double>(i);
  some.log_noise = -4;
  return some;
}

}  // namespace

TEST_CASE("Sobol points before scrambling are the published ones") {
  // The first eight points in three dimensions, in natural order (Joe and Kuo 2008), in eighths.
  constexpr unsigned published[8][3] = {{0, 0, 0}, {4, 4, 4}, {2, 6, 6}, {6, 2, 2},
                                        {1, 5, 3}, {5, 1, 7}, {3, 3, 5}, {7, 7, 1}};
  for (std::uint32_t index = 0; index < 8; ++index) {
    for (std::size_t dimension = 0; dimension < 3; ++dimension) {
      CHECK(Sobol::unscrambled(dimension, index) >> 29U == published[index][dimension]);
    }
  }
}

TEST_CASE("scrambled Sobol points put one of every 64 in each 64th of each dimension, for any seed") {
  for (const std::uint64_t seed : {0U, 1U, 99U}) {
    const Sobol sobol(40, seed);
    for (std::size_t dimension = 0; dimension < 40; ++dimension) {
      std::vector<int> count(64, 0);
      for (std::uint32_t index = 0; index < 64; ++index) {
        ++count[static_cast<std::size_t>(sobol.point(index)[dimension] * 64)];
      }
      CHECK(count == std::vector<int>(64, 1));
    }
  }
}

TEST_CASE("Sobol goes on beyond its table of dimensions") {
  const Sobol sobol(1000, 3);
  CHECK(sobol.point(5).size() == 1000);
  CHECK(sobol.point(5) == sobol.point(5));
  CHECK(sobol.point(5)[999] != sobol.point(6)[999]);
}

TEST_CASE("the gradient of the posterior over hyperparameters is that of finite differences") {
  for (const Index d : {1, 4}) {
    const Data data = example_data(20, d);
    Evidence evidence(data.points, data.categorical);
    const VectorXd theta = packed(example_hyperparameters(d));
    VectorXd gradient;
    VectorXd ignored;
    evidence.negative_log_posterior(data.values, theta, gradient);
    for (Index i = 0; i < theta.size(); ++i) {
      constexpr double h = 1e-5;
      VectorXd up = theta;
      VectorXd down = theta;
      up[i] += h;
      down[i] -= h;
      const double difference = (evidence.negative_log_posterior(data.values, up, ignored) -
                                 evidence.negative_log_posterior(data.values, down, ignored)) /
                                (2 * h);
      CHECK(gradient[i] == Approx(difference).epsilon(1e-5).margin(1e-6));
    }
  }
}

TEST_CASE("fitting finds hyperparameters at least as probable as where it began") {
  const Data data = example_data(30, 3);
  Evidence evidence(data.points, data.categorical);
  VectorXd ignored;
  const Hyperparameters start = prior_mode(3);
  const Fit found = fit(evidence, data.values, start, 50);
  CHECK(found.value < evidence.negative_log_posterior(data.values, packed(start), ignored) - 1);
  CHECK(found.value == Approx(evidence.negative_log_posterior(data.values, packed(found.hyperparameters), ignored)));
}

TEST_CASE("a lower factor is inverted, and its covariance with it, at every remainder of four rows") {
  for (const Index n : {1, 2, 3, 4, 5, 7, 8, 30, 33}) {
    const Eigen::MatrixXd noise = Eigen::MatrixXd::Random(n, n);
    const Eigen::MatrixXd covariance = noise * noise.transpose() + Eigen::MatrixXd::Identity(n, n);
    const Eigen::MatrixXd factor = Eigen::LLT<Eigen::MatrixXd>(covariance).matrixL();
    Eigen::MatrixXd upper;
    Eigen::MatrixXd inverse;
    invert_factor(factor, upper);
    multiply_transposed(upper, inverse);
    CHECK((upper.transpose() * factor).isApprox(Eigen::MatrixXd::Identity(n, n), 1e-9));
    CHECK(Eigen::MatrixXd(inverse.selfadjointView<Eigen::Lower>() * covariance)
              .isApprox(Eigen::MatrixXd::Identity(n, n), 1e-9));
  }
}

TEST_CASE("the posterior is that of the textbook formula") {
  const Index d = 3;
  const Data data = example_data(15, d);
  const Hyperparameters hyperparameters = example_hyperparameters(d);
  const GaussianProcess process(data, hyperparameters);
  const VectorXd x = VectorXd::Constant(d, 0.4);

  const auto k = [&](const VectorXd& a, const VectorXd& b) {
    double r2 = 0;
    for (Index i = 0; i < d; ++i) {
      const double apart = i == d - 1 ? (a[i] != b[i] ? 1 : 0) : a[i] - b[i];
      r2 += apart * apart * std::exp(-2 * hyperparameters.log_length[i]);
    }
    const double s = std::sqrt(5 * r2);
    return std::exp(hyperparameters.log_signal) * (1 + s + s * s / 3) * std::exp(-s);
  };
  Eigen::MatrixXd covariance(15, 15);
  VectorXd towards(15);
  for (Index a = 0; a < 15; ++a) {
    for (Index b = 0; b < 15; ++b) covariance(a, b) = k(data.points.row(a), data.points.row(b));
    covariance(a, a) += std::exp(hyperparameters.log_noise);
    towards[a] = k(data.points.row(a), x);
  }
  const Eigen::LDLT<Eigen::MatrixXd> solver(covariance);
  const VectorXd ones = VectorXd::Ones(15);
  const double mean = ones.dot(solver.solve(data.values)) / (ones.dot(solver.solve(ones)) + 1 / mean_variance);
  const Posterior found = process.posterior(x);
  CHECK(found.mean == Approx(mean + towards.dot(solver.solve((data.values.array() - mean).matrix()))));
  CHECK(found.variance == Approx(k(x, x) - towards.dot(solver.solve(towards))));
}

TEST_CASE("one observation appended equals a process built with it") {
  const Data all = example_data(12, 2);
  Data most = all;
  most.points.conservativeResize(11, Eigen::NoChange);
  most.values.conservativeResize(11);
  const Hyperparameters hyperparameters = example_hyperparameters(2);
  GaussianProcess grown(most, hyperparameters);
  grown.append(all.points.row(11).transpose(), all.values[11]);
  const GaussianProcess whole(all, hyperparameters);
  const VectorXd x = VectorXd::Constant(2, 0.3);
  CHECK(grown.posterior(x).variance == Approx(whole.posterior(x).variance));
  CHECK(grown.posterior(x).mean == Approx(whole.posterior(x).mean));
}

TEST_CASE("many points at once are predicted and scored as each alone") {
  const GaussianProcess process(example_data(17, 3), example_hyperparameters(3));
  const LogExpectedImprovement acquisition({{&process, -0.5, 0.7}, {&process, -3, 0.3}});
  const Data others = example_data(40, 3);
  const Eigen::MatrixXd points = others.points.transpose();
  const Posteriors found = process.posteriors(points);
  const VectorXd scores = acquisition.of_all(points);
  REQUIRE(scores.size() == 40);
  for (Index i = 0; i < 40; ++i) {
    const Posterior alone = process.posterior(points.col(i));
    CHECK(found.mean[i] == Approx(alone.mean));
    CHECK(found.variance[i] == Approx(alone.variance).margin(1e-12));
    if (i >= 17) CHECK(scores[i] == Approx(acquisition(points.col(i))));  // the first 17 are observed: all rounding
  }
}

TEST_CASE("the log of expected improvement is that of the integral") {
  // h(z) = integral over u < z of (z - u) phi(u), by Simpson's rule on [z - 40, z].
  for (const double z : {-5.0, -2.5, -1.0, -0.999, 0.0, 0.7, 3.0}) {
    constexpr int pieces = 200000;
    const double width = 40.0 / pieces;
    double sum = 0;
    for (int i = 0; i <= pieces; ++i) {
      const double u = z - 40 + i * width;
      const double weight = i == 0 || i == pieces ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * (z - u) * std::exp(-0.5 * u * u) / std::sqrt(2 * std::numbers::pi);
    }
    CHECK(log_h(z) == Approx(std::log(sum * width / 3)).epsilon(1e-9));
  }
}

TEST_CASE("the log of expected improvement stays finite and rising far below underflow") {
  double before = -std::numeric_limits<double>::infinity();
  for (const double z :
       {-1e7, -1e5, -10001.0, -9999.0, -1000.0, -100.0, -40.0, -5.0, -1.0001, -0.9999, 0.0, 10.0, 1e6}) {
    CHECK(std::isfinite(log_h(z)));
    CHECK(log_h(z) > before);
    before = log_h(z);
  }
  // The asymptote: log phi(z) - 2 log |z|.
  CHECK(log_h(-200) == Approx(-0.5 * 200 * 200 - 0.9189385332 - 2 * std::log(200.0)).epsilon(1e-8));
}

TEST_CASE("the gradient of log expected improvement is that of finite differences, also where improvement underflows") {
  const GaussianProcess process(example_data(20, 3), example_hyperparameters(3));
  for (const double best : {-0.5, -3.0, -60.0}) {
    const LogExpectedImprovement acquisition({{&process, best, 1.0}});
    VectorXd x(3);
    x << 0.35, 0.62, 1;
    VectorXd gradient;
    CHECK(acquisition(x, gradient) == Approx(acquisition(x)));
    CHECK(gradient[2] == 0);  // categorical
    for (Index i = 0; i < 2; ++i) {
      constexpr double h = 1e-6;
      VectorXd up = x;
      VectorXd down = x;
      up[i] += h;
      down[i] -= h;
      CHECK(gradient[i] == Approx((acquisition(up) - acquisition(down)) / (2 * h)).epsilon(1e-4));
    }
  }
}

TEST_CASE("quasi-Newton finds a curved valley's end, inside the box and on its edge") {
  const Objective rosenbrock = [](const VectorXd& x, VectorXd& gradient) {
    const double a = 1 - x[0];
    const double b = x[1] - x[0] * x[0];
    gradient.resize(2);
    gradient << -2 * a - 400 * x[0] * b, 200 * b;
    return a * a + 100 * b * b;
  };
  VectorXd start(2);
  start << -1.2, 1;
  const Minimum inside = minimise(rosenbrock, start, VectorXd::Constant(2, -2), VectorXd::Constant(2, 2), {300, 1e-14});
  CHECK(inside.x[0] == Approx(1).margin(1e-4));
  CHECK(inside.x[1] == Approx(1).margin(1e-4));
  // With x0 at most 0.5 the valley's lowest point is (0.5, 0.25).
  VectorXd high(2);
  high << 0.5, 2;
  const Minimum edge = minimise(rosenbrock, start, VectorXd::Constant(2, -2), high, {300, 1e-14});
  CHECK(edge.x[0] == 0.5);
  CHECK(edge.x[1] == Approx(0.25).margin(1e-4));
}

TEST_CASE("warping keeps the order, standardises, and counts a failure as bad as the worst") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> values{3, 1, 2, 1e300, nan, -5, 100};
  const VectorXd warp = warped(values, 0.25).values;
  CHECK(warp.mean() == Approx(0).margin(1e-12));
  CHECK(warp.squaredNorm() / 7 == Approx(1));
  CHECK(warp[5] < warp[1]);
  CHECK(warp[6] <= warp[3]);
  CHECK(warp[4] == warp[3]);
  CHECK(warped(std::vector<double>{2, 2, 2}, 0.25).values.isZero());
  CHECK(warped(std::vector<double>{-1.7e308, 1.7e308}, 0.25).values.allFinite());
}
