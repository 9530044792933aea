#include "jobmedic/space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/embedded.hpp"
#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"
#include "recommend/optimizer/constraints.hpp"

namespace jobmedic {
namespace {

Parameter parse_parameter(const json::Reader& in) {
  Parameter parameter;
  parameter.name = in.at("name").string();
  const json::Reader type = in.at("type");
  if (type.string() == "categorical") {
    parameter.type = ParameterType::categorical;
    parameter.values = in.at("values").strings();
    parameter.min = 0;
    parameter.max = static_cast<double>(parameter.values.size()) - 1;
  } else {
    if (type.string() != "integer" && type.string() != "real") {
      type.expected(R"("integer", "real" or "categorical")");
    }
    parameter.type = type.string() == "integer" ? ParameterType::integer : ParameterType::real;
    parameter.min = in.at("min").number();
    parameter.max = in.at("max").number();
    if (const auto step = in.find("step")) parameter.step = step->number();
  }
  if (const auto scale = in.find("scale")) {
    if (scale->string() != "linear" && scale->string() != "log") scale->expected(R"("linear" or "log")");
    parameter.log_scale = scale->string() == "log";
  }
  parameter.unit = in.string_or("unit", "");
  parameter.notation = in.string_or("notation", "");
  parameter.bare_unit = in.string_or("bare_unit", "");
  parameter.absent = in.string_or("absent", "");
  return parameter;
}

Constraint parse_constraint(const json::Reader& in) {
  Constraint constraint;
  constraint.name = in.string_or("name", "");
  for (const auto& item : in.at("sum").items()) {
    Constraint::Term term;
    if (const auto coefficient = item.find("coefficient")) term.coefficient = coefficient->number();
    term.parameter = item.at("parameter").string();
    term.times = item.string_or("times", "");
    constraint.terms.push_back(std::move(term));
  }
  constraint.limit = in.at("limit").number();
  return constraint;
}

}  // namespace

Space Space::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  in.check_schema("jobmedic.space/1");
  Space space;
  for (const auto& item : in.at("parameters").items()) space.parameters.push_back(parse_parameter(item));
  if (const auto constraints = in.find("constraints")) {
    for (const auto& item : constraints->items()) space.constraints.push_back(parse_constraint(item));
  }
  space.check();
  return space;
}

Space Space::shipped(std::string_view engine) {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded::engines()) {
    std::string name(file.name.substr(0, file.name.rfind(".json")));
    if (name == engine) return parse(file.text);
    names.push_back(std::move(name));
  }
  throw Error(Status::invalid_argument,
              fmt::format("no space is shipped for engine \"{}\"; there are: {}", engine, join(names, ", ")));
}

bool Space::feasible(const Point& point) const {
  if (point.size() != parameters.size()) return false;
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (!(snap(i, point[i]) == point[i])) return false;  // NaN is nowhere
  }
  return optimizer::Constraints(*this).violation(point) == 0;
}

std::string Space::to_json(const Point& point) const {
  if (point.size() != parameters.size()) {
    throw Error(Status::invalid_argument,
                fmt::format("the point has {} values, the space {} parameters", point.size(), parameters.size()));
  }
  json::Object members;
  for (std::size_t i = 0; i < point.size(); ++i) {
    switch (parameters[i].type) {
      case ParameterType::categorical:
        members.emplace_back(parameters[i].name, format(i, point[i]));
        break;
      case ParameterType::integer:
        members.emplace_back(parameters[i].name, static_cast<std::int64_t>(snap(i, point[i])));
        break;
      case ParameterType::real:
        members.emplace_back(parameters[i].name, point[i]);
        break;
    }
  }
  return json::write(members);
}

}  // namespace jobmedic
