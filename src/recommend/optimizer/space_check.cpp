// What makes a space contradictory, told with the JSON Pointer of the place.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "jobmedic/error.hpp"
#include "jobmedic/space.hpp"
#include "json/value.hpp"
#include "recommend/optimizer/constraints.hpp"

namespace jobmedic {
namespace {

constexpr std::size_t most_items = 1000;    // parameters, values, constraints, terms
constexpr double largest_integer = 0x1p53;  // beyond it doubles skip integers
constexpr double largest_real = 1e100;      // products of three stay finite

[[noreturn]] void fail(const std::string& pointer, std::string_view problem) {
  throw Error(Status::schema, fmt::format("{}: {}", pointer, problem),
              json::write(json::object({{"pointer", pointer}})));
}

void check_count(const std::string& pointer, std::size_t count, std::string_view what) {
  if (count == 0) fail(pointer, fmt::format("is empty: give at least one {}", what));
  if (count > most_items) fail(pointer, fmt::format("has {} entries, more than {}", count, most_items));
}

void check_values(const Parameter& parameter, const std::string& pointer) {
  check_count(pointer + "/values", parameter.values.size(), "value");
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < parameter.values.size(); ++i) {
    if (seen.insert(parameter.values[i]).second) continue;
    fail(fmt::format("{}/values/{}", pointer, i), fmt::format("\"{}\" is there twice", parameter.values[i]));
  }
}

void check_number(const Parameter& parameter, const std::string& pointer, double value) {
  const bool integer = parameter.type == ParameterType::integer;
  const double largest = integer ? largest_integer : largest_real;
  if (!(std::abs(value) <= largest)) fail(pointer, fmt::format("{} is beyond {}", value, largest));
  if (integer && std::trunc(value) != value) fail(pointer, fmt::format("expected an integer, found {}", value));
}

void check_range(const Parameter& parameter, const std::string& pointer) {
  check_number(parameter, pointer + "/min", parameter.min);
  check_number(parameter, pointer + "/max", parameter.max);
  if (parameter.min > parameter.max) {
    fail(pointer + "/min", fmt::format("{} is above max, {}", parameter.min, parameter.max));
  }
  if (parameter.log_scale && parameter.min <= 0) {
    fail(pointer + "/min", fmt::format("a log scale needs min > 0, found {}", parameter.min));
  }
  check_number(parameter, pointer + "/step", parameter.step);
  if (parameter.step < 0) fail(pointer + "/step", fmt::format("{} is negative", parameter.step));
  if (parameter.step > 0 && (parameter.max - parameter.min) / parameter.step > largest_integer) {
    fail(pointer + "/step", fmt::format("{} is too small for the range", parameter.step));
  }
}

void check_unit(const Space& space, std::size_t i, const std::string& pointer) {
  const Parameter& parameter = space.parameters[i];
  constexpr std::array<std::string_view, 4> units{"", "MiB", "s", "millicores"};
  if (std::find(units.begin(), units.end(), parameter.unit) == units.end()) {
    fail(pointer + "/unit", fmt::format(R"(expected "", "MiB", "s" or "millicores", found "{}")", parameter.unit));
  }
  if (!parameter.unit.empty() && parameter.type != ParameterType::integer) {
    fail(pointer + "/unit", "only an integer has a unit");
  }
  if (!parameter.bare_unit.empty() && (parameter.bare_unit != "B" || parameter.unit != "MiB")) {
    fail(pointer + "/bare_unit", R"(expected "B", and only beside the unit "MiB")");
  }
  if (!parameter.notation.empty() && (parameter.notation != "quantity" || parameter.unit != "MiB")) {
    fail(pointer + "/notation", R"(expected "quantity", and only beside the unit "MiB")");
  }
  if (!parameter.notation.empty() && !parameter.bare_unit.empty()) {
    fail(pointer + "/bare_unit", "a quantity without suffix is bytes always");
  }
  if (parameter.absent.empty()) return;
  try {
    static_cast<void>(space.parse_value(i, parameter.absent));
  } catch (const Error& error) {
    fail(pointer + "/absent", error.what());
  }
}

void check_term_name(const Space& space, const std::string& name, const std::string& pointer) {
  for (const auto& parameter : space.parameters) {
    if (parameter.name != name) continue;
    if (parameter.type == ParameterType::categorical) {
      fail(pointer, fmt::format("\"{}\" is categorical: it cannot be summed", name));
    }
    return;
  }
  fail(pointer, fmt::format("no parameter is named \"{}\"", name));
}

void check_constraint(const Space& space, const Constraint& constraint, const std::string& pointer) {
  check_count(pointer + "/sum", constraint.terms.size(), "term");
  for (std::size_t i = 0; i < constraint.terms.size(); ++i) {
    const auto& term = constraint.terms[i];
    const std::string place = fmt::format("{}/sum/{}", pointer, i);
    if (!(std::abs(term.coefficient) <= largest_real)) fail(place + "/coefficient", "is not a usable number");
    check_term_name(space, term.parameter, place + "/parameter");
    if (!term.times.empty()) check_term_name(space, term.times, place + "/times");
  }
  if (!(std::abs(constraint.limit) <= largest_real)) fail(pointer + "/limit", "is not a usable number");
}

void check_feasible(const Space& space) {
  const optimizer::Constraints constraints(space);
  for (std::size_t i = 0; i < space.constraints.size(); ++i) {
    const double least = constraints.least_sum(i);
    if (least <= space.constraints[i].limit) continue;
    fail(fmt::format("/constraints/{}/limit", i),
         fmt::format("{} cannot be kept: the sum is at least {:.12g}", space.constraints[i].limit, least));
  }
  if (!constraints.any_feasible()) fail("/constraints", "no point was found that keeps them all");
}

}  // namespace

void Space::check() const {
  check_count("/parameters", parameters.size(), "parameter");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string pointer = fmt::format("/parameters/{}", i);
    const Parameter& parameter = parameters[i];
    if (parameter.name.empty()) fail(pointer + "/name", "is empty");
    if (!names.insert(parameter.name).second) {
      fail(pointer + "/name", fmt::format("\"{}\" is there twice", parameter.name));
    }
    if (parameter.type == ParameterType::categorical) {
      check_values(parameter, pointer);
    } else {
      check_range(parameter, pointer);
    }
    check_unit(*this, i, pointer);
  }
  if (constraints.empty()) return;
  check_count("/constraints", constraints.size(), "constraint");
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    check_constraint(*this, constraints[i], fmt::format("/constraints/{}", i));
  }
  check_feasible(*this);
}

}  // namespace jobmedic
