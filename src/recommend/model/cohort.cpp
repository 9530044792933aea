#include "recommend/model/cohort.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <system_error>
#include <utility>

namespace jobmedic::model {
namespace {

constexpr double octaves_above = 8;  // further up nobody looks
constexpr int cells_per_octave = 16;
constexpr int cells = static_cast<int>(octaves_above) * cells_per_octave;
constexpr std::array<double, CohortOdds::widths> deviations = {0.12, 0.5};  // octaves
constexpr double strangers = 0.5;  // jobs like none of the cohort, spread over all octaves

// A normal distribution around each need, cut at three deviations, as shares of the cells above what failed.
std::vector<double> smoothed(const std::vector<double>& sharp, double deviation) {
  const int reach = static_cast<int>(std::ceil(3 * deviation * cells_per_octave));
  std::vector<double> kernel;
  double sum = 0;
  for (int i = -reach; i <= reach; ++i) {
    const double z = i / (deviation * cells_per_octave);
    kernel.push_back(std::exp(-z * z / 2));
    sum += kernel.back();
  }
  std::vector<double> result(cells, 0);
  for (int i = 0; i < static_cast<int>(sharp.size()); ++i) {
    const double share = sharp[static_cast<std::size_t>(i)] / sum;
    if (share == 0) continue;
    const int at = i - cells;  // `sharp` begins as far below what failed as it ends above
    for (int j = std::max(-reach, -at); j <= reach && at + j < cells; ++j) {
      const int cell = at + j;
      const int step = j + reach;
      result[static_cast<std::size_t>(cell)] += share * kernel[static_cast<std::size_t>(step)];
    }
  }
  return result;
}

}  // namespace

json::Value Cohort::to_json() const {
  json::Object object;
  for (const auto& [job, quantiles] : needs) {
    json::Array list;
    for (const double need : quantiles) list.emplace_back(need);
    object.emplace_back(fmt::format("{:016x}", job), std::move(list));
  }
  return object;
}

Cohort Cohort::from_json(const json::Reader& reader) {
  constexpr int base = 16;
  constexpr double most_octaves = 64;
  Cohort cohort;
  for (const auto& [name, list] : reader.members()) {
    std::uint64_t job = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), job, base);
    if (problem != std::errc() || end != name.data() + name.size()) list.fail("belongs to no job");
    std::vector<double>& quantiles = cohort.needs[job];
    for (const json::Reader& need : list.items()) quantiles.push_back(need.number_in(-most_octaves, most_octaves));
    if (quantiles.empty() || quantiles.size() > most_needs)
      list.fail(fmt::format("expected 1 to {} items", most_needs));
  }
  if (cohort.needs.size() > most_jobs) reader.fail("has too many members");
  return cohort;
}

void CohortFit::add(std::uint64_t job, std::uint64_t run, double need) {
  if (!std::isfinite(need)) return;
  auto& runs = needs_[job];
  runs.emplace(run, need);
  if (runs.size() > most_runs) runs.erase(std::prev(runs.end()));
  if (needs_.size() > Cohort::most_jobs) needs_.erase(std::prev(needs_.end()));
}

Cohort CohortFit::result() const {
  Cohort cohort;
  constexpr double thousandth = 1000;
  for (const auto& [job, runs] : needs_) {
    std::vector<double> sorted;
    for (const auto& [run, need] : runs) sorted.push_back(std::round(need * thousandth) / thousandth);
    std::sort(sorted.begin(), sorted.end());
    const std::size_t count = std::min(sorted.size(), Cohort::most_needs);
    std::vector<double> quantiles;
    for (std::size_t i = 0; i < count; ++i) quantiles.push_back(sorted[(2 * i + 1) * sorted.size() / (2 * count)]);
    cohort.needs.emplace(job, std::move(quantiles));
  }
  return cohort;
}

CohortOdds::CohortOdds(const Cohort& cohort, std::uint64_t own, double failed) : failed_(failed) {
  std::vector<double> sharp(std::size_t{2} * cells, 0);
  for (const auto& [job, needs] : cohort.needs) {
    if (job == own) continue;
    for (const double need : needs) {
      const double at = (need - failed) * cells_per_octave + cells;
      if (at < 0 || at >= 2 * cells) continue;
      sharp[static_cast<std::size_t>(at)] += 1 / static_cast<double>(needs.size());
    }
  }
  for (std::size_t width = 0; width < widths; ++width) {
    std::vector<double> more = smoothed(sharp, deviations[width]);
    double all = 0;
    for (double& cell : more) all += cell += strangers / cells;
    double below = 0;
    enough_[width].push_back(-most_odds);
    for (const double cell : more) {
      below += cell;
      const double odds = std::log(below / std::max(all - below, all * 1e-9));
      enough_[width].push_back(std::clamp(odds, -most_odds, most_odds));
    }
  }
}

double CohortOdds::operator()(std::size_t width, double now) const {
  const std::vector<double>& enough = enough_[width];
  if (enough.empty() || !std::isfinite(now)) return 0;
  const double at = std::clamp((now - failed_) * cells_per_octave, 0.0, static_cast<double>(cells));
  const auto cell = std::min(static_cast<std::size_t>(at), static_cast<std::size_t>(cells - 1));
  const double within = at - static_cast<double>(cell);
  return enough[cell] * (1 - within) + enough[cell + 1] * within;
}

}  // namespace jobmedic::model
