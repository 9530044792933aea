#include "recommend/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/glob.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"
#include "json/setting.hpp"

namespace jobmedic::recommender {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::string_view wanted(const Parameter& parameter) {
  if (parameter.type == ParameterType::categorical) return "one of its values";
  if (parameter.unit == "s") return R"(a time such as "90s")";
  if (parameter.unit == "millicores") return R"(CPUs such as "500m")";
  if (parameter.notation == "quantity") return R"(a quantity such as "2048Mi")";
  return parameter.unit.empty() ? "a number" : R"(a size such as "2048m")";
}

[[noreturn]] void refuse(const Parameter& parameter, const json::Value& value) {
  const std::string pointer = "/config/" + json::escape_pointer_token(parameter.name);
  constexpr std::size_t longest = 60;
  throw Error(
      Status::schema,
      fmt::format("{}: expected {}, found {}", pointer, wanted(parameter), json::write(value).substr(0, longest)),
      json::write(json::object({{"pointer", pointer}})));
}

double parse_setting(const Space& space, std::size_t i, const json::Value& value) {
  if (value.as<std::string>() == nullptr && !value.is_number()) refuse(space.parameters[i], value);
  try {
    return space.parse_value(i, json::as_setting(value));
  } catch (const Error&) {
    refuse(space.parameters[i], value);
  }
}

// 0 MiB on a scale that begins above it means "no limit" (maxResultSize) or "off" (offHeap.size): nothing to multiply.
bool is_no_limit(const Parameter& parameter, double value) {
  return parameter.log_scale && value <= 0;
}

}  // namespace

Configuration::Configuration(const Attempt& failed, const Space& space, const Remedies& remedies)
    : space_(&space), remedies_(&remedies), config_(json::parse(failed.config)), values_(space.parameters.size()) {
  if (config_.as<json::Object>() == nullptr) {
    throw Error(Status::schema, "/config: expected an object", R"({"pointer":"/config"})");
  }
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Parameter& parameter = space.parameters[i];
    const json::Value* given = setting(parameter.name);
    if (given == nullptr && parameter.absent.empty()) continue;
    const double value = given != nullptr ? parse_setting(space, i, *given) : space.parse_value(i, parameter.absent);
    if (!is_no_limit(parameter, value)) values_[i] = value;
  }
  for (const Follower& follower : remedies.followers) {
    const auto parameter = index(follower.parameter);
    const auto of = index(follower.of);
    if (!parameter || !of || setting(follower.parameter) != nullptr) continue;
    const double share = plain_number(follower.share_key, follower.share);
    following_.push_back({*parameter, *of, share, values_[*parameter].value_or(0)});
  }
  const Point effective = after({});
  for (const Following& f : following_) {
    if (values_[f.of]) values_[f.parameter] = effective[f.parameter];
  }
}

std::optional<std::size_t> Configuration::index(std::string_view name) const {
  const auto& all = space_->parameters;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Parameter& p) { return p.name == name; });
  if (found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

const json::Value* Configuration::setting(std::string_view key) const {
  const json::Value* value = config_.find(key);
  return value != nullptr && !value->is_null() ? value : nullptr;
}

bool Configuration::has(const Conditions& conditions) const {
  return std::all_of(conditions.begin(), conditions.end(), [&](const auto& condition) {
    const json::Value* given = setting(condition.first);
    const auto matches = [&](const std::string& glob) { return glob_matches(glob, json::as_setting(*given)); };
    return given != nullptr && std::any_of(condition.second.begin(), condition.second.end(), matches);
  });
}

std::string Configuration::shown(std::size_t i) const {
  if (const json::Value* given = setting(space_->parameters[i].name)) return json::as_setting(*given);
  return values_[i] ? space_->format(i, std::round(*values_[i])) + " (default)" : "unset";
}

double Configuration::plain_number(std::string_view key, double otherwise) const {
  const json::Value* given = setting(key);
  if (given == nullptr) return otherwise;
  const std::string text = json::as_setting(*given);
  double number = otherwise;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool usable = problem == std::errc() && end == text.data() + text.size() && number >= 0 && number <= 1e6;
  return usable ? number : otherwise;
}

Point Configuration::after(const Changes& changes) const {
  Point point;
  point.reserve(values_.size());
  for (const auto& value : values_) point.push_back(value.value_or(nan));
  for (const auto& [i, value] : changes) point[i] = value;
  for (const Following& f : following_) {
    if (changes.contains(f.parameter) || std::isnan(point[f.of])) continue;
    point[f.parameter] = std::max(f.at_least, std::floor(f.share * point[f.of]));
  }
  return point;
}

const Constraint* Configuration::broken(const Point& values) const {
  const auto known = [&](const std::string& name) {
    const auto i = index(name);
    return i && !std::isnan(values[*i]) ? values[*i] : 0.0;
  };
  // Less than what has no limit: nothing to break.
  const auto open_ended = [&](const Constraint& constraint) {
    return std::any_of(constraint.terms.begin(), constraint.terms.end(), [&](const Constraint::Term& term) {
      const auto i = index(term.parameter);
      return term.coefficient < 0 && i && std::isnan(values[*i]);
    });
  };
  for (const Constraint& constraint : space_->constraints) {
    if (open_ended(constraint)) continue;
    double sum = 0;
    for (const auto& term : constraint.terms) {
      sum += term.coefficient * known(term.parameter) * (term.times.empty() ? 1 : known(term.times));
    }
    if (sum > constraint.limit + 1e-9 * std::abs(constraint.limit)) return &constraint;
  }
  return nullptr;
}

std::string Configuration::patch(const Changes& changes) const {
  json::Array operations;
  for (const auto& [i, value] : changes) {
    if (values_[i] && *values_[i] == value) continue;
    const std::string& name = space_->parameters[i].name;
    const std::string text = space_->format(i, value);
    const json::Value* before = setting(name);
    const bool stays_number = before != nullptr && before->is_number() && space_->parameters[i].unit.empty();
    operations.emplace_back(json::object({{"op", "add"},
                                          {"path", "/" + json::escape_pointer_token(name)},
                                          {"value", stays_number ? json::parse(text) : json::Value(text)}}));
  }
  return json::write(operations);
}

double Configuration::hourly_usd(const Point& values, const Policy& policy) const {
  constexpr double mib_per_gib = 1024;
  const auto known = [&](const std::string& name) {
    const auto i = index(name);
    return i && !std::isnan(values[*i]) ? values[*i] : 0.0;
  };
  double usd = 0;
  for (const Process& process : remedies_->processes) {
    double mib = 0;
    for (const std::string& name : process.memory) mib += known(name);
    const auto cores = index(process.cores);
    const double cpus = known(process.cores) * (cores && space_->parameters[*cores].unit == "millicores" ? 1e-3 : 1);
    const double one = mib / mib_per_gib * policy.gib_hour_usd + cpus * policy.core_hour_usd;
    usd += one * plain_number(process.copies_key, 1);
  }
  return usd;
}

}  // namespace jobmedic::recommender
