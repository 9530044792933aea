#include "recommend/replay/grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "json/value.hpp"
#include "recommend/model/features.hpp"

namespace jobmedic::replayed {
namespace {

double hours(const Attempt& attempt) {
  constexpr double seconds_per_hour = 3600;
  return attempt.duration_s && *attempt.duration_s > 0 ? *attempt.duration_s / seconds_per_hour : 1;
}

Point point_of(const std::string& config, const Space& space) {
  Attempt attempt;
  attempt.config = config;
  return model::configured(attempt, space);
}

}  // namespace

void Row::add(double memory, const Attempt& attempt) {
  const auto place = std::upper_bound(runs_.begin(), runs_.end(), memory,
                                      [](double value, const Run& run) { return value < run.memory; });
  runs_.insert(place, {memory, &attempt});
}

std::optional<double> Row::least_above(double failed) const {
  for (const Run& run : runs_) {
    if (run.memory > failed && run.attempt->outcome->succeeded) return run.memory;
  }
  return std::nullopt;
}

double Row::seconds(double memory, bool succeeded) const {
  double sum = 0;
  int count = 0;
  for (const Run& run : runs_) {
    if (run.memory != memory || run.attempt->outcome->succeeded != succeeded) continue;
    sum += 3600 * hours(*run.attempt);
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

double Row::hourly_usd(double memory) const {
  struct Rate {
    double memory, usd;
  };
  std::vector<Rate> rates;
  for (const Run& run : runs_) {
    if (!run.attempt->outcome->cost_usd) continue;
    if (!rates.empty() && rates.back().memory == run.memory) continue;
    rates.push_back({run.memory, *run.attempt->outcome->cost_usd / hours(*run.attempt)});
  }
  if (rates.empty()) return memory;
  if (rates.size() == 1) return rates[0].usd * memory / rates[0].memory;
  std::size_t right = 1;
  while (right + 1 < rates.size() && rates[right].memory < memory) ++right;
  const Rate& a = rates[right - 1];
  const Rate& b = rates[right];
  return std::max(a.usd + (b.usd - a.usd) * (memory - a.memory) / (b.memory - a.memory), 0.0);
}

bool Row::failed_at(double memory) const {
  return std::any_of(runs_.begin(), runs_.end(),
                     [&](const Run& run) { return run.memory == memory && !run.attempt->outcome->succeeded; });
}

std::optional<bool> Row::works_with(double memory) const {
  const auto least = least_above(0);
  if (least && memory >= *least) return true;
  const bool too_little = std::any_of(runs_.begin(), runs_.end(), [&](const Run& run) {
    return run.memory >= memory && !run.attempt->outcome->succeeded;
  });
  return too_little ? std::optional(false) : std::nullopt;
}

const Attempt* Row::failure_near(double memory) const {
  const Attempt* near = nullptr;
  for (const Run& run : runs_) {
    if (run.attempt->outcome->succeeded || (near != nullptr && run.memory > memory)) continue;
    near = run.attempt;
  }
  return near;
}

void Grid::add(const Attempt& attempt) {
  Row& row = rows_[key_of(attempt.config)];
  if (row.runs_.empty()) row.config_ = attempt.config;
  row.add(memory_of(attempt.config), attempt);
}

double Grid::memory_of(const std::string& config) const {
  return point_of(config, *space_)[memory_];
}

std::string Grid::key_of(const std::string& config) const {
  json::Value document = json::parse(config);
  auto& members = *document.as<json::Object>();
  std::erase_if(members, [&](const auto& member) { return member.first == space_->parameters[memory_].name; });
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return json::write(document);
}

// In octaves, or in shares of the parameter's range; a setting that only one of them has is far away.
double Grid::distance(const std::string& a, const std::string& b) const {
  constexpr double far = 10;
  const Point p = point_of(a, *space_);
  const Point q = point_of(b, *space_);
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (i == memory_ || (std::isnan(p[i]) && std::isnan(q[i])) || p[i] == q[i]) continue;
    const Parameter& parameter = space_->parameters[i];
    const bool octaves = p[i] > 0 && q[i] > 0 && (parameter.log_scale || parameter.type == ParameterType::integer);
    const double apart =
        octaves ? std::abs(std::log2(p[i] / q[i])) : std::abs(p[i] - q[i]) / (parameter.max - parameter.min);
    sum += std::isfinite(apart) ? std::min(apart, far) : far;
  }
  return sum;
}

const Row* Grid::row(const std::string& config) const {
  const auto own = rows_.find(key_of(config));
  return own == rows_.end() ? nullptr : &own->second;
}

std::vector<const Row*> Grid::by_distance(const std::string& config) const {
  std::vector<std::pair<double, const Row*>> rows;
  for (const auto& [key, row] : rows_) rows.emplace_back(distance(config, row.config()), &row);
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const Row*> sorted;
  sorted.reserve(rows.size());
  for (const auto& [apart, row] : rows) sorted.push_back(row);
  return sorted;
}

}  // namespace jobmedic::replayed
