#include "forecast/audits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace jobmedic::forecast {
namespace {

constexpr std::uint32_t draws = 400;

Audit judged(std::string name, double measured, double bound, bool passed, std::string words) {
  return {std::move(name), passed ? "passed" : "failed", measured, bound, std::nullopt, std::move(words)};
}

std::vector<Said> by_working_set(std::span<const Trace* const> traces, const Committee& committee,
                                 const DeviceTable& devices) {
  std::vector<Said> said;
  for (const Trace* trace : traces) {
    said.push_back({trace, course_of(Feature::share, *trace, committee.trained.limits, devices),
                    std::vector<std::uint8_t>(trace->readings.size()), 0});
  }
  return said;
}

// The same sessions, by the version in service: passed where the new one is not worse.
Audit better_than_serving(const Finished& finished, const Serving& serving) {
  constexpr double not_worse = -0.02;  // average precision
  Audit audit{"better_than_serving", "undecided", std::nullopt, not_worse, std::nullopt, serving.problem};
  if (serving.version.empty()) audit.words = "no version is in service";
  if (serving.unusable) audit.verdict = "passed";
  if (!serving.model) return audit;
  std::vector<Said> theirs;
  for (const Trace* trace : finished.traces) {
    theirs.push_back(serving.model->judge(*trace, StoredForecast::Newcomers::by_one));
  }
  const Measures ours = measure(finished.held_out), its = measure(theirs);
  const Gain gain = precision_gain(finished.held_out, theirs, draws, finished.options.seed);
  audit.measured = ours.average_precision - its.average_precision;
  audit.interval = {gain.low, gain.high};
  if (*audit.measured >= not_worse) {
    audit.verdict = "passed";
  } else if (gain.high <= 0) {
    audit.verdict = "failed";
  }
  audit.words = fmt::format("average precision {:.3f}, of {} {:.3f}; of the kills {:.0f} % are caught, by it {:.0f} %",
                            ours.average_precision, serving.version, its.average_precision, ours.kills_caught * 100,
                            its.kills_caught * 100);
  return audit;
}

Audit better_than_working_set(const std::vector<Said>& said, const std::vector<Said>& simple, std::uint64_t seed) {
  const double won = paired_bootstrap(said, simple, draws, seed).average_precision;
  Audit audit = judged("better_than_working_set", won, 0.5, won >= 0.5,
                       fmt::format("average precision {:.3f}, of working set over limit {:.3f}; better in {:.0f} % of "
                                   "resamples of the sessions",
                                   measure(said).average_precision, measure(simple).average_precision, won * 100));
  if (won < 0.5 && won > 0.05) audit.verdict = "undecided";
  return audit;
}

Audit calibrated(std::span<const Trace* const> traces, const Committee& committee) {
  double expected = 0, urgent = 0;
  for (std::size_t t = 0; t < traces.size(); ++t) {
    for (std::size_t i = 0; i < committee.held_out[t].size(); ++i) {
      expected += committee.trained.calibration.probability(committee.held_out[t][i].logit);
      urgent += traces[t]->level(i) > 0 ? 1 : 0;
    }
  }
  const double error = std::abs(std::log(std::max(expected, 1e-9) / urgent));
  constexpr double bound = 0.2;
  return judged("calibration", error, bound, error <= bound,
                fmt::format("{:.0f} urgent readings expected, {:.0f} seen", expected, urgent));
}

Audit within_budget(const std::vector<Said>& said, double budget) {
  const double alerts = measure(said).alerts;
  return judged("alert_budget", alerts, 1.5 * budget, alerts <= 1.5 * budget,
                fmt::format("{:.2f} % of the held-out readings alert", alerts * 100));
}

Audit latency(const Forecaster& forecaster, std::span<const Trace* const> traces) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  for (const Trace* trace : traces.first(std::min<std::size_t>(traces.size(), 50))) {
    Session session = forecaster.begin({trace->key});
    const auto begin = Clock::now();
    for (const Reading& reading : trace->readings) static_cast<void>(forecaster.update(session, reading));
    const std::chrono::duration<double> taken = Clock::now() - begin;
    times.push_back(taken.count() / static_cast<double>(std::max<std::size_t>(trace->readings.size(), 1)));
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  const double median = times[times.size() / 2];
  constexpr double bound = 5e-6;
  return judged("latency", median, bound, median <= bound, fmt::format("{:.2f} us a reading", median * 1e6));
}

Audit edge_inputs(const Forecaster& forecaster) {
  int bad = 0;
  for (const double value : {unknown, double(INFINITY), -double(INFINITY), -1.0, 0.0, 1e300, 1e9}) {
    Session session = forecaster.begin({{"no such device", ""}, value, value});
    for (int i = 0; i < 20; ++i) {
      Reading reading;
      reading.time_s = i % 5 == 4 ? value : 15.0 * i;
      for (double Reading::*member : {&Reading::usage_bytes, &Reading::cache_bytes, &Reading::resident_bytes,
                                      &Reading::private_bytes, &Reading::limit_hits, &Reading::cpu_s}) {
        reading.*member = (i + bad) % 3 == 0 ? value : 1e7 * i;
      }
      const Forecast answer = forecaster.update(session, reading);
      const bool sane = answer.probability >= 0 && answer.probability <= 1 && answer.level >= 0 && answer.level <= 4 &&
                        answer.seconds >= 0;
      bad += sane ? 0 : 1;
    }
  }
  return judged("edge_inputs", bad, 0, bad == 0, fmt::format("{} answers that are no probability or level", bad));
}

}  // namespace

std::vector<Said> held_out(std::span<const Trace* const> traces, const Committee& committee) {
  std::vector<Said> said;
  for (std::size_t t = 0; t < traces.size(); ++t) {
    Said one{traces[t], {}, {}, committee.part_of[t]};
    for (const Score& score : committee.held_out[t]) {
      one.score.push_back(score.logit);
      one.alert.push_back(score.logit > committee.trained.threshold_logit ? 1 : 0);
    }
    said.push_back(std::move(one));
  }
  return said;
}

std::vector<Audit> audits_of(const Finished& finished, const Forecaster& forecaster, const Serving* serving) {
  const auto& [traces, devices, options, committee, said] = finished;
  std::vector<Audit> audits;
  if (serving != nullptr) audits.push_back(better_than_serving(finished, *serving));
  audits.push_back(better_than_working_set(said, by_working_set(traces, committee, devices), options.seed));
  audits.push_back(calibrated(traces, committee));
  audits.push_back(within_budget(said, options.alert_budget));
  audits.push_back(latency(forecaster, traces));
  audits.push_back(edge_inputs(forecaster));
  return audits;
}

}  // namespace jobmedic::forecast
