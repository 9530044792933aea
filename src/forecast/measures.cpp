#include "forecast/measures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/random.hpp"
#include "forecast/labels.hpp"

namespace jobmedic::forecast {
namespace {

constexpr double in_time_s = 60;

double share(double hits, double of) {
  return of > 0 ? hits / of : 0;
}

struct SessionCounts {
  bool killed = false, caught = false, in_time = false, alerted = false;
  double urgent = 0, urgent_caught = 0, readings = 0, alerts = 0;
};

SessionCounts count(const Said& said) {
  SessionCounts out;
  const Trace& trace = *said.trace;
  out.killed = trace.killed;
  for (std::size_t i = 0; i < said.alert.size(); ++i) {
    const bool urgent = trace.level(i) > 0, alert = said.alert[i] != 0;
    const double left = trace.kill_s - trace.readings[i].time_s;
    out.urgent += urgent ? 1 : 0;
    out.urgent_caught += urgent && alert ? 1 : 0;
    out.caught = out.caught || (urgent && alert);
    out.in_time = out.in_time || (urgent && alert && left >= in_time_s);
    out.alerted = out.alerted || alert;
    out.alerts += alert ? 1 : 0;
    ++out.readings;
  }
  return out;
}

// Readings of all sessions, the highest score first; those of equal score count together.
class PrecisionRecall {
 public:
  explicit PrecisionRecall(std::span<const Said> said) {
    for (std::uint32_t s = 0; s < said.size(); ++s) {
      for (std::size_t i = 0; i < said[s].score.size(); ++i) {
        points_.push_back({said[s].score[i], s, said[s].trace->level(i) > 0});
      }
    }
    std::stable_sort(points_.begin(), points_.end(), [](const Point& a, const Point& b) { return a.score > b.score; });
  }

  [[nodiscard]] double area(std::span<const std::uint32_t> times) const {
    const auto weight = [&](const Point& point) { return times.empty() ? 1.0 : double(times[point.session]); };
    double all = 0;
    for (const Point& point : points_) all += point.urgent ? weight(point) : 0;
    double hits = 0, seen = 0, area = 0;
    for (std::size_t i = 0; i < points_.size();) {
      const double score = points_[i].score;
      double gained = 0;
      for (; i < points_.size() && points_[i].score == score; ++i) {
        seen += weight(points_[i]);
        gained += points_[i].urgent ? weight(points_[i]) : 0;
      }
      hits += gained;
      if (gained > 0) area += gained / all * hits / seen;
    }
    return area;
  }

 private:
  struct Point {
    double score;
    std::uint32_t session;
    bool urgent;
  };
  std::vector<Point> points_;
};

class Measuring {
 public:
  explicit Measuring(std::span<const Said> said) : curve_(said) {
    for (const Said& one : said) counts_.push_back(count(one));
  }

  [[nodiscard]] Measures operator()(std::span<const std::uint32_t> times) const {
    double kills = 0, caught = 0, in_time = 0, survivors = 0, alerted = 0, urgent = 0, urgent_caught = 0, alerts = 0,
           readings = 0;
    for (std::size_t s = 0; s < counts_.size(); ++s) {
      const SessionCounts& c = counts_[s];
      const double weight = times.empty() ? 1 : times[s];
      (c.killed ? kills : survivors) += weight;
      caught += c.killed && c.caught ? weight : 0;
      in_time += c.killed && c.in_time ? weight : 0;
      alerted += !c.killed && c.alerted ? weight : 0;
      urgent += weight * c.urgent;
      urgent_caught += weight * c.urgent_caught;
      alerts += weight * c.alerts;
      readings += weight * c.readings;
    }
    return {share(caught, kills),     share(in_time, kills),     share(urgent_caught, urgent),
            average_precision(times), share(alerted, survivors), share(alerts, readings)};
  }

  [[nodiscard]] double average_precision(std::span<const std::uint32_t> times) const { return curve_.area(times); }
  [[nodiscard]] std::size_t sessions() const { return counts_.size(); }

 private:
  PrecisionRecall curve_;
  std::vector<SessionCounts> counts_;
};

// How often each session is drawn.
std::vector<std::uint32_t> resample(std::size_t sessions, Random& random) {
  std::vector<std::uint32_t> times(sessions);
  for (std::size_t i = 0; i < sessions; ++i) ++times[random.below(sessions)];
  return times;
}

void score_game(double& wins, double ours, double theirs) {
  wins += ours > theirs ? 1 : (ours == theirs ? 0.5 : 0);
}

}  // namespace

json::Value Measures::to_json() const {
  return json::object({{"kills_caught", kills_caught},
                       {"caught_60_s_before", caught_in_time},
                       {"readings_caught", readings_caught},
                       {"average_precision", average_precision},
                       {"survivors_alerted", survivors_alerted},
                       {"alerts", alerts}});
}

json::Value Better::to_json() const {
  return json::object({{"kills_caught", kills_caught},
                       {"caught_60_s_before", caught_in_time},
                       {"average_precision", average_precision},
                       {"survivors_alerted", survivors_alerted}});
}

LevelMatrix levels_told(std::span<const Said> said) {
  LevelMatrix matrix = {};
  for (const Said& one : said) {
    for (std::size_t i = 0; i < one.level.size(); ++i) {
      ++matrix[static_cast<std::size_t>(one.trace->level(i))][one.level[i]];
    }
  }
  return matrix;
}

json::Value LevelAgreement::to_json() const {
  return json::object({{"mean_absolute_error", mean_absolute_error}, {"kappa", kappa}});
}

LevelAgreement agreement(const LevelMatrix& matrix) {
  std::array<double, 5> truly{}, told{};
  double all = 0, apart = 0, squared = 0;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < matrix[i].size(); ++j) {
      const auto count = static_cast<double>(matrix[i][j]);
      const double distance = std::abs(static_cast<double>(i) - static_cast<double>(j));
      truly[i] += count;
      told[j] += count;
      all += count;
      apart += count * distance;
      squared += count * distance * distance;
    }
  }
  double by_chance = 0;
  for (std::size_t i = 0; i < truly.size(); ++i) {
    for (std::size_t j = 0; j < told.size(); ++j) {
      const double distance = static_cast<double>(i) - static_cast<double>(j);
      by_chance += share(truly[i] * told[j], all) * distance * distance;
    }
  }
  return {share(apart, all), by_chance > 0 ? 1 - squared / by_chance : 0};
}

LevelMatrix caught_only(LevelMatrix matrix) {
  matrix[0] = {};
  for (auto& row : matrix) row[0] = 0;
  return matrix;
}

LevelMatrix always_gravest(LevelMatrix matrix) {
  for (auto& row : matrix) {
    for (std::size_t told = 1; told + 1 < row.size(); ++told) row.back() += std::exchange(row[told], 0);
  }
  return matrix;
}

Measures measure(std::span<const Said> said, std::span<const std::uint32_t> times) {
  return Measuring(said)(times);
}

Gain precision_gain(std::span<const Said> ours, std::span<const Said> theirs, std::uint32_t draws, std::uint64_t seed) {
  const Measuring we(ours), they(theirs);
  Random random(seed);
  std::vector<double> gains(std::max<std::uint32_t>(draws, 1));
  for (double& gain : gains) {
    const std::vector<std::uint32_t> times = resample(we.sessions(), random);
    gain = we.average_precision(times) - they.average_precision(times);
  }
  std::sort(gains.begin(), gains.end());
  const auto tail = static_cast<std::size_t>(0.025 * static_cast<double>(gains.size()));
  return {gains[tail], gains[gains.size() - 1 - tail]};
}

Better paired_bootstrap(std::span<const Said> ours, std::span<const Said> theirs, std::uint32_t draws,
                        std::uint64_t seed) {
  const Measuring we(ours), they(theirs);
  Random random(seed);
  Better better;
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    const std::vector<std::uint32_t> times = resample(we.sessions(), random);
    const Measures a = we(times), b = they(times);
    score_game(better.kills_caught, a.kills_caught, b.kills_caught);
    score_game(better.caught_in_time, a.caught_in_time, b.caught_in_time);
    score_game(better.average_precision, a.average_precision, b.average_precision);
    score_game(better.survivors_alerted, b.survivors_alerted, a.survivors_alerted);
  }
  for (double* wins :
       {&better.kills_caught, &better.caught_in_time, &better.average_precision, &better.survivors_alerted}) {
    *wins /= std::max<double>(draws, 1);
  }
  return better;
}

}  // namespace jobmedic::forecast
