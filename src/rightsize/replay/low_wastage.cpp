// Low-wastage regression (Witt, Wagner, Leser 2019): the line whose first allocations, doubled on each failure, waste
// least on the history.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "rightsize/replay/baselines.hpp"

namespace jobmedic::sizing {
namespace {

struct Line {
  double slope = 0;
  double intercept = 0;
  [[nodiscard]] double at(double x) const { return std::max(slope * x + intercept, 0.01); }
};

struct Sample {
  std::vector<double> x, y, time;  // x and y within 0..1
};

double doublings(double peak, double allocation) {
  return peak > allocation ? std::ceil(std::log2(peak / allocation)) : 0;
}

double waste(const Sample& sample, const Line& line) {
  double sum = 0;
  for (std::size_t i = 0; i < sample.x.size(); ++i) {
    const double allocation = line.at(sample.x[i]);
    const double factor = std::exp2(doublings(sample.y[i], allocation));
    sum += (allocation * (factor - 1) + allocation * factor - sample.y[i]) * sample.time[i];
  }
  return sum;
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const double position = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double next = values[std::min(below + 1, values.size() - 1)];
  return values[below] + (position - static_cast<double>(below)) * (next - values[below]);
}

// Iteratively reweighted least squares on the check function.
Line quantile_line(const Sample& sample, double q) {
  Line line;
  std::vector<double> weight(sample.x.size(), 1.0);
  constexpr int iterations = 50;
  for (int round = 0; round < iterations; ++round) {
    double total = 0;
    double x = 0;
    double y = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      total += weight[i];
      x += weight[i] * sample.x[i];
      y += weight[i] * sample.y[i];
    }
    x /= total;
    y /= total;
    double xx = 0;
    double xy = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      xx += weight[i] * (sample.x[i] - x) * (sample.x[i] - x);
      xy += weight[i] * (sample.x[i] - x) * (sample.y[i] - y);
    }
    line.slope = xx > 0 ? xy / xx : 0;
    line.intercept = y - line.slope * x;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const double error = sample.y[i] - line.slope * sample.x[i] - line.intercept;
      weight[i] = (error < 0 ? 1 - q : q) / std::max(std::abs(error), 1e-6);
    }
  }
  return line;
}

// Nelder and Mead 1965 over slope and intercept.
Line improved(const Sample& sample, const Line& start) {
  using Vertex = std::pair<double, Line>;
  const auto judged = [&](const Line& line) { return Vertex{waste(sample, line), line}; };
  std::array<Vertex, 3> simplex{judged(start), judged({start.slope + 0.5, start.intercept}),
                                judged({start.slope, start.intercept + 0.5})};
  const auto by_waste = [](const Vertex& a, const Vertex& b) { return a.first < b.first; };
  constexpr int steps = 100;
  for (int step = 0; step < steps; ++step) {
    std::sort(simplex.begin(), simplex.end(), by_waste);
    const Line centre{(simplex[0].second.slope + simplex[1].second.slope) / 2,
                      (simplex[0].second.intercept + simplex[1].second.intercept) / 2};
    const auto moved = [&](double by) {
      return judged({centre.slope + by * (simplex[2].second.slope - centre.slope),
                     centre.intercept + by * (simplex[2].second.intercept - centre.intercept)});
    };
    const Vertex reflected = moved(-1);
    if (reflected.first < simplex[0].first) {
      simplex[2] = std::min(reflected, moved(-2), by_waste);
    } else if (reflected.first < simplex[1].first) {
      simplex[2] = reflected;
    } else if (const Vertex contracted = moved(0.5); contracted.first < simplex[2].first) {
      simplex[2] = contracted;
    } else {
      for (std::size_t i = 1; i < simplex.size(); ++i) {
        simplex[i] = judged({(simplex[i].second.slope + simplex[0].second.slope) / 2,
                             (simplex[i].second.intercept + simplex[0].second.intercept) / 2});
      }
    }
  }
  return std::min_element(simplex.begin(), simplex.end(), by_waste)->second;
}

Line trained(const Sample& sample, bool input_varies) {
  std::vector<Line> starts;
  for (const double a : {0.01, 0.1825, 0.355, 0.5275, 0.7}) {
    const double q = 1 - a * a;
    starts.push_back(input_varies ? quantile_line(sample, q) : Line{0, quantile(sample.y, q)});
  }
  const double spread_x = quantile(sample.x, 0.75) - quantile(sample.x, 0.25);
  const double spread_y = quantile(sample.y, 0.75) - quantile(sample.y, 0.25);
  const auto n = static_cast<double>(sample.x.size());
  const double slope = spread_x > 0 ? spread_y / spread_x : 0;
  starts.push_back({slope, (std::accumulate(sample.y.begin(), sample.y.end(), 0.0) -
                            slope * std::accumulate(sample.x.begin(), sample.x.end(), 0.0)) /
                               n});
  Line best = starts.front();
  for (const Line& start : starts) {
    if (const Line line = improved(sample, start); waste(sample, line) < waste(sample, best)) best = line;
  }
  return best;
}

struct Scale {
  double shift = 0;
  double width = 1;
  Scale(const std::vector<Task>& tasks, const std::vector<std::size_t>& chosen, double Task::*member) {
    double high = -HUGE_VAL;
    shift = HUGE_VAL;
    for (const std::size_t i : chosen) {
      shift = std::min(shift, tasks[i].*member);
      high = std::max(high, tasks[i].*member);
    }
    if (high > shift) width = high - shift;
  }
  [[nodiscard]] double in(double value) const { return (value - shift) / width; }
  [[nodiscard]] double out(double value) const { return value * width + shift; }
};

std::size_t part(double share, std::size_t of) {
  return static_cast<std::size_t>(std::nearbyint(share * static_cast<double>(of)));
}

}  // namespace

Bill witt_low_wastage(const Process& process, std::uint32_t seed) {
  const auto& tasks = process.tasks;
  const std::vector<std::size_t> history = drawn(tasks.size(), part(0.3, tasks.size()), seed);
  const Scale input(tasks, history, &Task::input);
  const Scale peak(tasks, history, &Task::peak_rss);
  double mean_input = 0;
  for (const std::size_t i : history) mean_input += tasks[i].input / static_cast<double>(history.size());
  std::array<Line, 10> lines;
  for (std::uint32_t model = 0; model < lines.size(); ++model) {
    Sample sample;
    for (const std::size_t i : drawn(history.size(), part(0.7, history.size()), model)) {
      const Task& task = tasks[history[i]];
      sample.x.push_back(input.in(task.input));
      sample.y.push_back(peak.in(task.peak_rss));
      sample.time.push_back(task.duration);
    }
    lines[model] = trained(sample, input.width > 0.05 * mean_input);
  }
  std::vector<bool> known(tasks.size(), false);
  for (const std::size_t i : history) known[i] = true;
  Bill bill;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (known[i]) continue;
    double mean = 0;
    for (const Line& line : lines) mean += line.at(input.in(tasks[i].input)) / lines.size();
    const double allocation = peak.out(mean);
    const double tries = doublings(tasks[i].peak_rss, allocation);
    const double factor = std::exp2(tries);
    bill.gbh += gbh(allocation * (factor - 1) + allocation * factor - tasks[i].peak_rss, tasks[i].duration);
    bill.failures += static_cast<std::size_t>(tries);
  }
  return bill;
}

}  // namespace jobmedic::sizing
