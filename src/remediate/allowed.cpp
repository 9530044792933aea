#include "remediate/allowed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "jobmedic/error.hpp"
#include "json/reader.hpp"
#include "json/setting.hpp"
#include "recommend/optimizer/setting.hpp"

namespace jobmedic {
namespace {

std::optional<std::size_t> parameter_at(const std::string& path, const Space& space) {
  const auto& all = space.parameters;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Parameter& parameter) {
    return path == "/" + json::escape_pointer_token(parameter.name);
  });
  if (found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

bool is_permitted(const json::Value& value, std::size_t index, const Space& space) {
  const Parameter& parameter = space.parameters[index];
  if (value.as<std::string>() == nullptr && !value.is_number()) return false;
  try {
    const double number = space.parse_value(index, json::as_setting(value));
    if (parameter.type == ParameterType::categorical) return true;
    if (parameter.type == ParameterType::integer && std::trunc(number) != number) return false;
    return number >= parameter.min && number <= parameter.max;  // NaN is in no bounds
  } catch (const Error&) {
    return false;
  }
}

std::string permitted_words(std::size_t index, const Space& space) {
  const Parameter& parameter = space.parameters[index];
  if (parameter.type == ParameterType::categorical) return fmt::format("one of {}", fmt::join(parameter.values, ", "));
  return fmt::format("{} to {}", space.format(index, parameter.min), space.format(index, parameter.max));
}

std::string objection_to(const json::Reader& operation, const Space& space) {
  const std::string& kind = operation.at("op").string();
  if (kind == "test") return "";
  const std::string& path = operation.at("path").string();
  if (kind != "add" && kind != "replace" && kind != "remove") {
    return fmt::format(R"("{}": "{}" takes a value from elsewhere; use add, replace, remove or test)", path, kind);
  }
  const auto index = parameter_at(path, space);
  if (!index) return fmt::format("\"{}\" is no parameter that may be changed", path);
  const json::Value* value = operation.value().find("value");
  if (kind == "remove" || (value != nullptr && is_permitted(*value, *index, space))) return "";
  constexpr std::size_t longest = 60;
  return fmt::format("\"{}\": {} is not permitted; permitted is {}", path,
                     value == nullptr ? "no value" : json::write(*value).substr(0, longest),
                     permitted_words(*index, space));
}

// None: something that would be taken off is unknown.
std::optional<double> sum(const Constraint& constraint, const json::Value& config, const Space& space) {
  const auto value = [&](const std::string& name) -> std::optional<double> {
    const auto& all = space.parameters;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Parameter& p) { return p.name == name; });
    if (found == all.end()) return std::nullopt;
    return setting(config, static_cast<std::size_t>(found - all.begin()), space);
  };
  double total = 0;
  for (const Constraint::Term& term : constraint.terms) {
    const auto first = value(term.parameter);
    const auto second = term.times.empty() ? std::optional<double>(1) : value(term.times);
    if (first && second) {
      total += term.coefficient * *first * *second;
    } else if (term.coefficient < 0) {
      return std::nullopt;
    }
  }
  return total;
}

}  // namespace

std::string overreach(std::string_view before, std::string_view after, const Space& space) {
  if (space.constraints.empty()) return "";
  const json::Value mutated = json::parse(after);
  for (const Constraint& constraint : space.constraints) {
    const auto total = sum(constraint, mutated, space);
    if (!total || *total <= constraint.limit + 1e-9 * std::abs(constraint.limit)) continue;
    if (const auto was = sum(constraint, json::parse(before), space); was && *was >= *total) continue;
    return fmt::format("\"{}\" would not hold: {:.10g}, permitted is {:.10g}", constraint.name, *total,
                       constraint.limit);
  }
  return "";
}

std::string objection(std::string_view patch, const Space& space) {
  const json::Value value = json::parse(patch);
  for (const json::Reader& operation : json::Reader(value).items()) {
    std::string problem = objection_to(operation, space);
    if (!problem.empty()) return problem;
  }
  return "";
}

std::string unfit(const StoredPatch& patch, const Attempt& attempt, const Space& space) {
  if (!patch.damage.empty()) return "its row in the store is damaged: " + patch.damage;
  if (patch.made_for_other_plan(attempt)) return "it was made for another plan of this job";
  return objection(patch.patch, space);
}

Recommendation guarded(Recommendation recommendation, const Classification& verdict, const Space& space) {
  const std::string problem = objection(recommendation.patch, space);
  if (problem.empty()) return recommendation;
  recommendation.decision = verdict.restartable || !verdict.classified ? "retry_unchanged" : "do_not_retry";
  recommendation.reason =
      fmt::format("the patch was refused: {}; it was recommended because {}", problem, recommendation.reason);
  recommendation.patch = "[]";
  recommendation.predicted.reset();
  return recommendation;
}

}  // namespace jobmedic
