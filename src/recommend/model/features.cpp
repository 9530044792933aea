#include "recommend/model/features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/hash.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"
#include "json/setting.hpp"

namespace jobmedic::model {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t npos = static_cast<std::size_t>(-1);
constexpr Lessons nothing_learned = {nan, nan, nan, nan, nan, nan, nan};
constexpr double a_little = 1e-6;
constexpr double most_octaves = 24;    // beyond that a ratio tells no more
constexpr double most_deviations = 5;  // likewise for an absurd metric

float bounded(double value, double bound) {
  return static_cast<float>(std::clamp(value, -bound, bound));
}

// Metrics span many magnitudes and may be negative.
double signed_log(double value) {
  return std::copysign(std::log1p(std::abs(value)), value);
}

double configured_value(const json::Value& config, const Space& space, std::size_t index) {
  const Parameter& parameter = space.parameters[index];
  const json::Value* member = config.find(parameter.name);
  if (member == nullptr || member->is_null()) {
    return parameter.absent.empty() ? nan : space.parse_value(index, parameter.absent);
  }
  try {
    return space.parse_value(index, json::as_setting(*member));
  } catch (const Error& error) {
    const std::string pointer = "/config/" + json::escape_pointer_token(parameter.name);
    throw Error(Status::schema, fmt::format("{}: {}", pointer, error.what()),
                json::write(json::object({{"pointer", pointer}})));
  }
}

}  // namespace

Point configured(const Attempt& attempt, const Space& space) {
  const json::Value config = json::parse(attempt.config);
  Point point(space.parameters.size());
  for (std::size_t i = 0; i < point.size(); ++i) point[i] = configured_value(config, space, i);
  return point;
}

double position(const ParameterFeature& feature, double value) {
  if (!std::isfinite(value)) return nan;
  if (!feature.octaves) return value / feature.width;
  return value > 0 ? std::log2(value) : nan;
}

FailedAttempt::FailedAttempt(const Attempt& attempt, const Classification& verdict, const Space& space,
                             std::vector<PastRun> past)
    : attempt_(&attempt),
      verdict_(&verdict),
      space_(&space),
      before_(configured(attempt, space)),
      past_(std::move(past)) {}

std::vector<PastRun> read_past(std::span<const Attempt> past, const Space& space) {
  std::vector<PastRun> runs;
  for (const Attempt& attempt : past.last(std::min(past.size(), most_past_runs))) {
    if (!attempt.outcome || attempt.outcome->category == "cancelled") continue;
    try {
      runs.push_back({&attempt, configured(attempt, space)});
    } catch (const Error&) {  // an old configuration that nobody can read is no reason to give no answer
      continue;
    }
  }
  return runs;
}

std::optional<double> metric_of(const Attempt& attempt, std::string_view name) {
  std::optional<double> value;
  if (name == "attempt") {
    value = static_cast<double>(attempt.attempt);
  } else if (name == "duration_s") {
    value = attempt.duration_s;
  } else if (name == "cost_microusd") {  // a unit in which log1p is a logarithm
    if (attempt.outcome && attempt.outcome->cost_usd) value = 1e6 * *attempt.outcome->cost_usd;
  } else if (const auto found = attempt.metrics.find(std::string(name)); found != attempt.metrics.end()) {
    value = found->second;
  }
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::vector<std::string> metric_names(const Attempt& attempt) {
  std::vector<std::string> names = {"attempt", "duration_s", "cost_microusd"};
  for (const auto& [name, value] : attempt.metrics) names.push_back(name);
  return names;
}

std::uint32_t FeatureSchema::context_size() const {
  const auto indicators =
      std::count_if(numbers.begin(), numbers.end(), [](const auto& n) { return n.sometimes_missing; });
  return static_cast<std::uint32_t>(numbers.size() + static_cast<std::size_t>(indicators));
}

std::uint32_t FeatureSchema::candidate_size() const {
  const auto free =
      std::count_if(parameters.begin(), parameters.end(), [](const auto& p) { return !p.categorical && !p.monotone; });
  return static_cast<std::uint32_t>(2 * free);
}

std::uint32_t FeatureSchema::monotone_size() const {
  const auto monotone = std::count_if(parameters.begin(), parameters.end(), [](const auto& p) { return p.monotone; });
  const auto lessons = std::count_if(parameters.begin(), parameters.end(), [](const auto& p) { return p.lessons; });
  const auto cohorts =
      std::count_if(parameters.begin(), parameters.end(), [](const auto& p) { return !p.cohort.needs.empty(); });
  return static_cast<std::uint32_t>(2 * monotone + 8 * lessons + std::ptrdiff_t{CohortOdds::widths} * cohorts);
}

Encoder::Encoder(const FeatureSchema& schema, const FailedAttempt& failed)
    : schema_(&schema),
      failed_(&failed),
      retries_(retries_of(failed.attempt(), failed.verdict(), failed.before(), failed.past())) {
  const std::vector<Parameter>& known = failed.space().parameters;
  for (const ParameterFeature& feature : schema.parameters) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto& p) { return p.name == feature.name; });
    if (found == known.end()) {
      places_.push_back({&feature, npos, nan, nothing_learned, {}});
      continue;
    }
    const auto index = static_cast<std::size_t>(found - known.begin());
    const double value = failed.before()[index];
    Place place{&feature, index, feature.categorical ? value : position(feature, value), nothing_learned, {}};
    if (feature.lessons) {
      place.lessons = lessons_of(failed.attempt(), failed.before(), failed.past(), failed.space(), index, feature.peak);
    }
    if (!feature.cohort.needs.empty() && std::isfinite(place.before)) {
      const double too_little = std::isnan(place.lessons.failed) ? place.before : place.lessons.failed;
      place.cohort = CohortOdds(feature.cohort, hash64(failed.attempt().job), too_little);
    }
    places_.push_back(place);
  }
}

namespace {

// Amounts of memory against the one that failed.
double lesson_of(const Lessons& lessons, std::string_view name, double before) {
  if (name == "proven") return lessons.proven - before;
  if (name == "guessed") return lessons.guessed - before;
  if (name == "other") return lessons.other - before;
  if (name == "failed") return lessons.failed - before;
  if (name == "need") return lessons.need - before;
  if (name == "spread") return std::log2(lessons.spread);
  return name == "runs" ? lessons.runs : nan;
}

std::optional<double> retries_lesson(const Retries& retries, std::string_view name) {
  if (name == "retry_odds") return retries.odds;
  return name == "retries" ? std::optional(retries.seen) : std::nullopt;
}

// How far a candidate is above what the past says; 0 where it says nothing.
float above(double now, double lesson, double unit = 1) {
  const double octaves = (now - lesson) / unit;
  return std::isnan(octaves) ? 0.0F : bounded(octaves, most_octaves);
}

// Where the past is sure, there is a step.
float reaches(double now, double lesson) {
  return now >= lesson - a_little / 2 ? 1.0F : 0.0F;
}

}  // namespace

std::optional<double> Encoder::value_of(const NumberFeature& number) const {
  if (!number.metric.empty()) {
    const std::optional<double> value = metric_of(failed_->attempt(), number.metric);
    return value ? std::optional(signed_log(*value)) : std::nullopt;
  }
  if (number.parameter.empty()) return retries_lesson(retries_, number.lesson);
  const auto place =
      std::find_if(places_.begin(), places_.end(), [&](const Place& p) { return p.feature->name == number.parameter; });
  if (place == places_.end() || std::isnan(place->before)) return std::nullopt;
  if (number.lesson.empty()) return place->before;
  const double lesson = lesson_of(place->lessons, number.lesson, place->before);
  return std::isnan(lesson) ? std::nullopt : std::optional(lesson);
}

Context Encoder::context() const {
  Context context;
  context.numbers.reserve(schema_->context_size());
  for (const NumberFeature& number : schema_->numbers) {
    const std::optional<double> value = value_of(number);
    context.numbers.push_back(value ? bounded((*value - number.mean) / number.deviation, most_deviations) : 0.0F);
    if (number.sometimes_missing) context.numbers.push_back(value ? 0.0F : 1.0F);
  }
  context.tokens = tokens_of(failed_->attempt(), failed_->verdict(), schema_->buckets);
  return context;
}

void Encoder::encode(const Point& point, Candidate& into) const {
  into.numbers.clear();
  into.monotone.clear();
  into.choices.clear();
  for (const Place& place : places_) {
    const ParameterFeature& feature = *place.feature;
    const double proposed = place.index == npos ? nan : point[place.index];
    if (feature.categorical) {
      const auto& values =
          place.index == npos ? std::vector<std::string>{} : failed_->space().parameters[place.index].values;
      const double choice = std::isnan(proposed) ? place.before : proposed;
      if (!(choice >= 0 && choice < static_cast<double>(values.size()))) continue;
      into.choices.push_back(
          bucket_of("choice:" + feature.name, values[static_cast<std::size_t>(choice)], schema_->buckets));
      continue;
    }
    const double before = std::isnan(place.before) ? feature.center : place.before;
    double now = position(feature, proposed);
    if (std::isnan(now)) now = before;
    auto& numbers = feature.monotone ? into.monotone : into.numbers;
    numbers.push_back(bounded(now - before, most_octaves));
    numbers.push_back(bounded(now - feature.center, most_octaves));
    for (std::size_t width = 0; width < CohortOdds::widths && !feature.cohort.needs.empty(); ++width) {
      numbers.push_back(static_cast<float>(place.cohort(width, now)));
    }
    if (!feature.lessons) continue;
    numbers.push_back(above(now, place.lessons.proven));
    numbers.push_back(reaches(now, place.lessons.proven));
    numbers.push_back(above(now, place.lessons.guessed));
    numbers.push_back(above(now, place.lessons.other));
    numbers.push_back(above(now, place.lessons.failed));
    numbers.push_back(reaches(now, place.lessons.failed + a_little));
    numbers.push_back(above(now, place.lessons.need));
    numbers.push_back(above(now, place.lessons.need, place.lessons.spread));
  }
}

}  // namespace jobmedic::model
