#pragma once
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "jobmedic/space.hpp"

/// Five functions with known minima to measure optimizers on; `spark` has the cliff that failed jobs fall off.
/// The same definitions as in the peers' recorded runs (optimizer-peers/SOURCE.md).
namespace jobmedic::bench {

struct Problem {
  std::string name;
  Space space;
  std::function<double(const Point&)> value;
  double least = 0;
};

inline Space box(std::size_t dimensions, double min, double max) {
  Space space;
  for (std::size_t i = 0; i < dimensions; ++i) {
    Parameter parameter;
    parameter.name = "x" + std::to_string(i + 1);
    parameter.min = min;
    parameter.max = max;
    space.parameters.push_back(parameter);
  }
  return space;
}

inline double branin(const Point& x) {
  constexpr double pi = std::numbers::pi;
  const double parabola = x[1] - 5.1 / (4 * pi * pi) * x[0] * x[0] + 5 / pi * x[0] - 6;
  return parabola * parabola + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10;
}

inline double hartmann6(const Point& x) {
  constexpr std::array weight{1.0, 1.2, 3.0, 3.2};
  constexpr double width[4][6] = {
      {10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14}};
  constexpr double centre[4][6] = {{.1312, .1696, .5569, .0124, .8283, .5886},
                                   {.2329, .4135, .8307, .3736, .1004, .9991},
                                   {.2348, .1451, .3522, .2883, .3047, .6650},
                                   {.4047, .8828, .8732, .5743, .1091, .0381}};
  double sum = 0;
  for (std::size_t hill = 0; hill < 4; ++hill) {
    double distance = 0;
    for (std::size_t i = 0; i < 6; ++i) distance += width[hill][i] * std::pow(x[i] - centre[hill][i], 2);
    sum -= weight[hill] * std::exp(-distance);
  }
  return sum;
}

inline double ackley(const Point& x) {
  double squares = 0;
  double waves = 0;
  for (const double v : x) {
    squares += v * v;
    waves += std::cos(2 * std::numbers::pi * v);
  }
  const auto n = static_cast<double>(x.size());
  return -20 * std::exp(-0.2 * std::sqrt(squares / n)) - std::exp(waves / n) + 20 + std::numbers::e;
}

inline double levy(const Point& x) {
  constexpr double pi = std::numbers::pi;
  std::vector<double> w;
  for (const double v : x) w.push_back(1 + (v - 1) / 4);
  double sum = std::pow(std::sin(pi * w.front()), 2);
  for (std::size_t i = 0; i + 1 < w.size(); ++i) {
    sum += std::pow(w[i] - 1, 2) * (1 + 10 * std::pow(std::sin(pi * w[i] + 1), 2));
  }
  return sum + std::pow(w.back() - 1, 2) * (1 + std::pow(std::sin(2 * pi * w.back()), 2));
}

/// P(fail) + 0.1 log2(GiB h) of a job with executor memory m, cores c, driver memory d, overhead o and s partitions.
inline double spark(const Point& x) {
  const double m = x[0];
  const double c = x[1];
  const double d = x[2];
  const double o = x[3];
  const double s = x[4];
  const auto holds = [](double need, double have) { return 1 / (1 + std::exp(10 * std::log(need / have))); };
  const double success = holds(64 + 600000 / s, 0.6 * (m - 300) / c) * holds(300 + 40 * c + 0.03 * m, o * m) *
                         holds(512 + s, 0.6 * (d - 300));
  const double minutes = 10 + 0.3 * std::pow(c - 1, 1.5) + 0.004 * s + 200 / s;
  return 1 - success + 0.1 * std::log2(minutes / 60 * (64 / c * m * (1 + o) + d) / 1024);
}

inline Space spark_space() {
  return Space::parse(R"({"schema": "jobmedic.space/1", "parameters": [
      {"name": "executor_memory", "type": "integer", "min": 1024, "max": 65536, "scale": "log"},
      {"name": "executor_cores", "type": "integer", "min": 1, "max": 8},
      {"name": "driver_memory", "type": "integer", "min": 1024, "max": 32768, "scale": "log"},
      {"name": "overhead_factor", "type": "real", "min": 0.05, "max": 0.5},
      {"name": "shuffle_partitions", "type": "integer", "min": 50, "max": 5000, "scale": "log"}]})");
}

inline std::vector<Problem> problems() {
  Space plane = box(2, -5, 10);
  plane.parameters[1].min = 0;
  plane.parameters[1].max = 15;
  return {{"branin", plane, branin, 0.39788735772973816},
          {"hartmann6", box(6, 0, 1), hartmann6, -3.322368011391339},
          {"ackley5", box(5, -5, 10), ackley, 0},
          {"levy4", box(4, -10, 10), levy, 0},
          {"spark", spark_space(), spark, 0.4998934603}};
}

}  // namespace jobmedic::bench
