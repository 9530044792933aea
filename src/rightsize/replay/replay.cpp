#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <map>

#include "jobmedic/error.hpp"
#include "jobmedic/rightsize_replay.hpp"
#include "json/value.hpp"
#include "rightsize/replay/baselines.hpp"

namespace jobmedic {
namespace {

using namespace sizing;

constexpr std::array names{"presets", "witt_percentile",  "witt_lr_all", "witt_lr_under",
                           "tovar",   "witt_low_wastage", "jobmedic"};
constexpr std::size_t ours = names.size() - 1;
using Bills = std::array<Bill, names.size()>;

struct Own {           // what only our own method tells
  double seconds = 0;  // of its decisions and updates
  std::size_t decisions = 0;
  Calibration calibration = no_calibration();
};

void add(Bill& total, const Bill& bill) {
  total.gbh += bill.gbh;
  total.failures += bill.failures;
}

Bill online(Method& method, const Process& process, const Split& parts) {
  for (const std::size_t i : parts.history) method.learn(process.tasks[i]);
  Bill total;
  for (const std::size_t i : parts.online) {
    add(total, charge(method, process.tasks[i]));
    method.learn(process.tasks[i]);
  }
  return total;
}

// What was requested is taken to have been enough, as the protocol does.
Bill presets(const Process& process, const Split& parts) {
  Bill total;
  for (const std::size_t i : parts.online) {
    const Task& task = process.tasks[i];
    if (std::isfinite(task.requested)) total.gbh += gbh(task.requested - task.peak_rss, task.duration);
  }
  return total;
}

Bills replayed(const Workflow& workflow, std::uint32_t seed, Own& own) {
  Bills bills{};
  std::vector<double> errors;  // of Witt's regression, over all processes, as published
  for (const Process& process : workflow.processes) {
    const Split parts = split(process.tasks.size(), seed);
    add(bills[0], presets(process, parts));
    add(bills[1], online(*witt_percentile(), process, parts));
    add(bills[2], online(*witt_regression(Offset::all_errors, errors), process, parts));
    add(bills[3], online(*witt_regression(Offset::under_predictions, errors), process, parts));
    add(bills[4], online(*tovar(), process, parts));
    add(bills[5], witt_low_wastage(process, seed));
    const std::clock_t started = std::clock();
    add(bills[ours], online(*adaptive(own.calibration), process, parts));
    own.seconds += static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
    own.decisions += parts.online.size();
  }
  return bills;
}

json::Value row(std::size_t method, const Bill& bill) {
  return json::object(
      {{"method", names[method]}, {"wastage_gbh", bill.gbh}, {"failures", static_cast<std::int64_t>(bill.failures)}});
}

// The baseline of least waste; over workflows by the geometric mean.
std::size_t best_baseline(const std::array<double, names.size()>& waste) {
  return static_cast<std::size_t>(std::min_element(waste.begin(), waste.begin() + ours) - waste.begin());
}

struct Summary {
  std::array<double, names.size()> log_waste{};
  Bills totals{};
  std::map<std::string, Bills> by_workflow;
  std::vector<double> of_best_own;  // ours / the best baseline of that workflow
  std::size_t replays = 0;

  void add(const std::string& workflow, const Bills& bills) {
    std::array<double, names.size()> waste{};
    for (std::size_t m = 0; m < names.size(); ++m) {
      waste[m] = bills[m].gbh;
      log_waste[m] += std::log(std::max(bills[m].gbh, 1e-9));
      jobmedic::add(totals[m], bills[m]);
      jobmedic::add(by_workflow[workflow][m], bills[m]);
    }
    of_best_own.push_back(waste[ours] / waste[best_baseline(waste)]);
    ++replays;
  }
  [[nodiscard]] json::Value document() {
    json::Array rows;
    std::array<double, names.size()> mean{};
    for (std::size_t m = 0; m < names.size(); ++m) {
      mean[m] = std::exp(log_waste[m] / static_cast<double>(replays));
      rows.emplace_back(json::object({{"method", names[m]},
                                      {"wastage_gbh_geometric_mean", mean[m]},
                                      {"failures", static_cast<std::int64_t>(totals[m].failures)}}));
    }
    std::sort(of_best_own.begin(), of_best_own.end());
    const std::size_t n = of_best_own.size();
    const double median = (of_best_own[(n - 1) / 2] + of_best_own[n / 2]) / 2;
    const std::size_t best = best_baseline(mean);
    json::Array failures;
    for (const auto& each : by_workflow) {
      json::Object members{{"workflow", each.first}};
      for (std::size_t m = 0; m < names.size(); ++m) {
        members.emplace_back(names[m], static_cast<std::int64_t>(each.second[m].failures));
      }
      failures.emplace_back(std::move(members));
    }
    return json::object({{"methods", std::move(rows)},
                         {"failures", std::move(failures)},
                         {"best_baseline", names[best]},
                         {"of_best_baseline", mean[ours] / mean[best]},
                         {"of_best_baseline_of_the_workflow_median", median}});
  }
};

json::Array foretold(const Calibration& calibration) {
  json::Array bins;
  double from = 0;
  for (const Foretold& bin : calibration) {
    bins.emplace_back(json::object({{"from", from},
                                    {"to", bin.up_to},
                                    {"tasks", static_cast<std::int64_t>(bin.tasks)},
                                    {"expected", bin.expected},
                                    {"failed", static_cast<std::int64_t>(bin.failed)}}));
    from = bin.up_to;
  }
  return bins;
}

Workflow read(const Trace& trace) {
  try {
    return read_trace(trace.name, trace.csv);
  } catch (const Error& error) {
    throw error.within(trace.name);
  }
}

}  // namespace

std::string replay_rightsizing(const std::vector<Trace>& traces, const RightsizeReplayOptions& options) {
  if (traces.empty() || options.seeds.empty()) {
    throw Error(Status::invalid_argument, "nothing to replay: give at least one trace and one seed");
  }
  json::Array replays;
  Summary summary;
  Own own;
  double done = 0;
  for (const Trace& trace : traces) {
    const Workflow workflow = read(trace);
    if (workflow.processes.empty()) {
      throw Error(Status::invalid_argument,
                  fmt::format("{}: no process has 34 tasks with an rss and a duration", trace.name));
    }
    for (const std::uint32_t seed : options.seeds) {
      if (options.progress) options.progress(done, fmt::format("{}, seed {}", workflow.name, seed));
      const Bills bills = replayed(workflow, seed, own);
      summary.add(workflow.name, bills);
      json::Array rows;
      for (std::size_t m = 0; m < names.size(); ++m) rows.push_back(row(m, bills[m]));
      std::size_t tasks = 0;
      for (const Process& process : workflow.processes) tasks += split(process.tasks.size(), seed).online.size();
      replays.emplace_back(json::object({{"workflow", workflow.name},
                                         {"seed", static_cast<std::int64_t>(seed)},
                                         {"processes", static_cast<std::int64_t>(workflow.processes.size())},
                                         {"left_out", static_cast<std::int64_t>(workflow.left_out)},
                                         {"tasks", static_cast<std::int64_t>(tasks)},
                                         {"methods", std::move(rows)}}));
      done += 1.0 / static_cast<double>(traces.size() * options.seeds.size());
    }
  }
  return json::write(json::object({{"schema", "jobmedic.rightsizing_replay/1"},
                                   {"replays", std::move(replays)},
                                   {"summary", summary.document()},
                                   {"calibration", foretold(own.calibration)},
                                   {"cpu_s_per_decision", own.seconds / static_cast<double>(own.decisions)}}));
}

}  // namespace jobmedic
