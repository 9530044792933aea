// What the new model does when it is asked: more memory, odd numbers, the clock.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "jobmedic/error.hpp"
#include "recommend/audit/audits.hpp"

namespace jobmedic::audits {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// As the attempt was, but for one parameter: a ladder from the least to the most that the space permits.
std::vector<Point> ladder(const Space& space, std::size_t parameter, std::size_t rungs) {
  const Parameter& p = space.parameters[parameter];
  std::vector<Point> points(rungs, Point(space.parameters.size(), nan));
  for (std::size_t i = 0; i < rungs; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(rungs - 1);
    points[i][parameter] = p.min > 0 ? p.min * std::pow(p.max / p.min, share) : p.min + share * (p.max - p.min);
  }
  return points;
}

// Numbers that no attempt should have, and that some will.
std::vector<Sample> odd(const std::vector<Sample>& samples, const Space& space) {
  std::vector<Sample> list(1);  // nothing is known
  const Sample ordinary = samples.empty() ? Sample() : samples.front();
  for (const double number : {nan, infinity, -infinity, 1e308, -1e308, 5e-324, 0.0, -1.0}) {
    Sample sample = ordinary;
    for (auto& [name, value] : sample.failed.metrics) value = number;
    sample.failed.duration_s = number;
    if (!sample.failed.outcome) sample.failed.outcome.emplace();
    sample.failed.outcome->cost_usd = number;
    for (Attempt& run : sample.past) {
      run.duration_s = number;
      for (auto& [name, value] : run.metrics) value = number;
    }
    list.push_back(sample);
    sample.failed.config = "{}";
    sample.failed.plan = std::string(100'000, 'x');
    list.push_back(std::move(sample));
  }
  for (const Parameter& parameter : space.parameters) {
    if (parameter.type == ParameterType::categorical) continue;
    for (const char* number : {"0", "1000000000"}) {
      Sample sample = ordinary;
      sample.failed.config = fmt::format(R"({{"{}":{}}})", parameter.name, number);
      list.push_back(std::move(sample));
    }
  }
  return list;
}

std::vector<Point> odd_points(const Space& space) {
  std::vector<Point> points;
  for (const double number : {nan, infinity, -infinity, 1e308, -1e308, 0.0, -1.0, 0.5}) {
    points.emplace_back(space.parameters.size(), number);
  }
  return points;
}

bool is_answer(const Prediction& said) {
  return said.failure_probability >= 0 && said.failure_probability <= 1 && said.cost_usd > 0 &&
         std::isfinite(said.cost_usd);
}

Audit verdict_of(std::string name, double measured, double bound, std::string words) {
  return {std::move(name), measured <= bound ? "passed" : "failed", measured, bound, std::nullopt, std::move(words)};
}

}  // namespace

Audit monotonicity(const Model& model, const Space& space, const std::vector<Sample>& samples) {
  constexpr double rounding = 1e-6;
  constexpr std::size_t rungs = 24;
  double most = 0;
  std::string where = "no amount of memory was learned";
  for (std::size_t i = 0; i < space.parameters.size(); ++i) {
    if (!is_memory(space.parameters[i]) || !model.learned(space.parameters[i].name)) continue;
    if (most <= rounding) where = fmt::format("of {} failures, none", samples.size());
    const std::vector<Point> points = ladder(space, i, rungs);
    for (const Sample& sample : samples) {
      const auto said = model.predict(sample.failed, sample.verdict, space, points, sample.past);
      for (std::size_t rung = 1; rung < said.size(); ++rung) {
        const double rise = said[rung].failure_probability - said[rung - 1].failure_probability;
        if (rise <= most) continue;
        most = rise;
        if (rise > rounding) where = fmt::format("job \"{}\", {}: one", sample.failed.job, space.parameters[i].name);
      }
    }
  }
  return verdict_of("monotonicity", most, rounding, where + " becomes likelier to fail with more memory");
}

Audit latency(const Model& model, const Space& space, const std::vector<Sample>& samples) {
  constexpr double most_seconds = 0.005;
  constexpr std::size_t candidates = 30, calls = 31;
  const std::vector<Sample> known = samples.empty() ? std::vector<Sample>(1) : samples;
  std::vector<Point> points(candidates, Point(space.parameters.size(), nan));
  std::vector<double> seconds;
  for (std::size_t call = 0; call < calls; ++call) {
    const Sample& sample = known[call % known.size()];
    const auto start = std::chrono::steady_clock::now();
    static_cast<void>(model.predict(sample.failed, sample.verdict, space, points, sample.past));
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::nth_element(seconds.begin(), seconds.begin() + calls / 2, seconds.end());
  const double median = seconds[calls / 2];
  return verdict_of("latency", median, most_seconds,
                    fmt::format("{:.2f} ms for {} candidates, by {}", median * 1000, candidates, model.served_by()));
}

Audit edge_inputs(const Model& model, const Space& space, const std::vector<Sample>& samples) {
  const std::vector<Point> points = odd_points(space);
  std::size_t asked = 0, bad = 0;
  for (const Sample& sample : odd(samples, space)) {
    asked += points.size();
    try {
      const auto said = model.predict(sample.failed, sample.verdict, space, points, sample.past);
      bad += static_cast<std::size_t>(std::count_if(said.begin(), said.end(), [](auto& p) { return !is_answer(p); }));
    } catch (const Error& error) {  // a configuration that is none is told, with its place
      if (error.status() != Status::schema) bad += points.size();
    }
  }
  return verdict_of("edge_inputs", static_cast<double>(bad), 0,
                    fmt::format("{} of {} answers to odd input are no prediction", bad, asked));
}

}  // namespace jobmedic::audits
