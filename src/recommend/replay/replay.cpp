// Cases, contest, and the document that tells how it went.
#include "jobmedic/replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "recommend/model/peaks.hpp"
#include "recommend/replay/contest.hpp"

namespace jobmedic {
namespace {

using namespace replayed;

void check(const ReplayOptions& options) {
  const auto in = [](const char* name, double value, double min, double max) {
    if (value >= min && value <= max) return;
    throw Error(Status::invalid_argument, fmt::format("{}: a number from {} to {}, not {}", name, min, max, value));
  };
  in("folds", options.folds, 2, 100);
  in("tries", options.tries, 1, 20);
  in("bootstrap", options.bootstrap, 0, 1e6);
  options.policy.check();
}

void draw(Cases& cases, const ReplayOptions& options) {
  if (options.most_failures == 0 || cases.list.size() <= options.most_failures) return;
  Random(options.seed).shuffle(cases.list);
  cases.list.resize(options.most_failures);
}

json::Value row_of(const Contestant& contestant, const Tally& tally) {
  return json::object({{"policy", contestant.name},
                       {"words", contestant.words},
                       {"knows", contestant.knows},
                       {"healed_at_first", tally.first_share()},
                       {"healed", tally.healed_share()},
                       {"cost_usd", tally.cost_usd},
                       {"cost_over_oracle", tally.over_oracle()},
                       {"cost_over_unchanged", tally.over_unchanged()},
                       {"rightly_disabled", tally.rightly_disabled},
                       {"wrongly_disabled", tally.wrongly_disabled}});
}

json::Value interval_of(const Interval& interval) {
  return json::Array{interval.low, interval.high};
}

json::Value reliability_of(const Reliability& reliability) {
  json::Array bins;
  for (const Bin& bin : reliability.bins) {
    bins.emplace_back(json::object({{"weight", bin.weight}, {"predicted", bin.predicted}, {"observed", bin.observed}}));
  }
  return json::object({{"examples", std::uint64_t{reliability.examples}},
                       {"jobs", std::uint64_t{reliability.jobs}},
                       {"debiased_error", reliability.error},
                       {"interval", interval_of(reliability.interval)},
                       {"acceptable", acceptable},
                       {"verdict", reliability.verdict},
                       {"bins", std::move(bins)}});
}

// Fixed rules are what others do; our own fallback reads the verdict, so a frontier with it says what the model adds.
json::Value beyond_of(const Contest& contest, const Contestant& model, bool with_fallback,
                      const ReplayOptions& options) {
  std::vector<std::vector<Played>> played;
  std::vector<Tally> tallies;
  for (const Contestant& baseline : contest.baselines) {
    if (baseline.name == "fallback" && !with_fallback) continue;
    played.push_back(baseline.played);
    tallies.push_back(tally(contest.references, baseline.played));
  }
  const double gap = beyond_frontier(tallies, tally(contest.references, model.played));
  const Beyond beyond = beyond_by_bootstrap(contest.references, played, model.played, options.bootstrap, options.seed);
  return json::object({{"knows", model.knows},
                       {"frontier", with_fallback ? "with_fallback" : "fixed"},
                       {"healed_at_first_above_frontier", gap},
                       {"interval", interval_of(beyond.interval)},
                       {"share_of_resamples", beyond.share},
                       {"beyond", beyond.interval.low > 0}});
}

// Which jobs a policy does well by, and which badly.
json::Value by_job(const Contest& contest) {
  json::Array jobs;
  for (std::size_t job = 0; job < contest.jobs.size(); ++job) {
    std::vector<double> times(contest.jobs.size(), 0);
    times[job] = 1;
    json::Array rows;
    Tally sum;
    for (const auto* contestants : {&contest.baselines, &contest.model}) {
      for (const Contestant& contestant : *contestants) {
        sum = tally(contest.references, contestant.played, times);
        rows.emplace_back(json::object({{"policy", contestant.name},
                                        {"knows", contestant.knows},
                                        {"healed_at_first", sum.first_share()},
                                        {"healed", sum.healed_share()},
                                        {"cost_over_oracle", sum.over_oracle()}}));
      }
    }
    jobs.emplace_back(json::object({{"job", contest.jobs[job]},
                                    {"failures", static_cast<std::int64_t>(sum.failures)},
                                    {"oracle_usd", sum.oracle_usd},
                                    {"rows", std::move(rows)}}));
  }
  return jobs;
}

std::string document_of(const Cases& cases, const Contest& contest, const Space& space, const ReplayOptions& options) {
  const auto healable = std::count_if(contest.references.begin(), contest.references.end(),
                                      [](const Reference& reference) { return reference.healable; });
  const bool has_fallback = std::any_of(contest.baselines.begin(), contest.baselines.end(),
                                        [](const Contestant& baseline) { return baseline.name == "fallback"; });
  json::Array rows, beyond;
  for (const Contestant& baseline : contest.baselines) {
    rows.push_back(row_of(baseline, tally(contest.references, baseline.played)));
  }
  for (const Contestant& model : contest.model) {
    rows.push_back(row_of(model, tally(contest.references, model.played)));
    if (contest.baselines.empty() || options.bootstrap == 0) continue;
    beyond.push_back(beyond_of(contest, model, false, options));
    if (has_fallback) beyond.push_back(beyond_of(contest, model, true, options));
  }
  json::Value calibration;
  if (!contest.model.empty()) {
    calibration = json::object({{"cold", reliability_of(contest.cold)}, {"warm", reliability_of(contest.warm)}});
  }
  return json::write(
      json::object({{"schema", "jobmedic.replay/1"},
                    {"memory", space.parameters[cases.memory].name},
                    {"most_memory", cases.most_memory},
                    {"failures", std::uint64_t{contest.references.size()}},
                    {"healable", std::int64_t{healable}},
                    {"jobs", std::uint64_t{contest.jobs.size()}},
                    {"with_earlier_runs", std::uint64_t{contest.with_past}},
                    {"recorded_failures", std::uint64_t{cases.failures}},
                    {"unanswered", std::uint64_t{cases.unanswered}},
                    {"drawn_from_peaks", std::uint64_t{cases.drawn}},
                    {"peaks_too_small", std::uint64_t{cases.too_small}},
                    {"drawn_share", cases.drawn > 0 ? json::Value(json::Array{model::least_share, 1}) : json::Value()},
                    {"folds", std::int64_t{options.folds}},
                    {"tries", std::int64_t{options.tries}},
                    {"bootstrap", std::int64_t{options.bootstrap}},
                    {"seed", std::uint64_t{options.seed}},
                    {"rows", std::move(rows)},
                    {"beyond", std::move(beyond)},
                    {"calibration", std::move(calibration)},
                    {"by_job", by_job(contest)}}));
}

}  // namespace

std::string replay(std::span<const Attempt> history, const Space& space, const ReplayOptions& options) {
  check(options);
  Cases cases = cases_of(history, space, options.memory, options.seed);
  draw(cases, options);
  if (cases.list.empty()) {
    throw Error(
        Status::model,
        fmt::format("nothing to replay: of none of {} recorded failures is on record what would have healed it (a "
                    "later try of the run, a grid marked by labels.grid, or successes with labels.peak)",
                    cases.failures));
  }
  return document_of(cases, contest(history, space, cases, options), space, options);
}

}  // namespace jobmedic
