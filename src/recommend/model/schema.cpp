// The JSON form of the feature schema in the model's metadata.
#include "json/reader.hpp"
#include "recommend/model/features.hpp"

namespace jobmedic::model {
namespace {

NumberFeature read_number(const json::Reader& reader) {
  constexpr double huge = 1e15;
  NumberFeature number;
  number.metric = reader.string_or("metric", "");
  number.parameter = reader.string_or("parameter", "");
  number.lesson = reader.string_or("lesson", "");
  number.mean = reader.at("mean").number_in(-huge, huge);
  number.deviation = reader.at("deviation").number_in(1e-9, huge);
  number.sometimes_missing = reader.boolean_or("sometimes_missing", false);
  return number;
}

ParameterFeature read_parameter(const json::Reader& reader) {
  constexpr double huge = 1e15;
  ParameterFeature parameter;
  parameter.name = reader.at("name").string();
  parameter.categorical = reader.boolean_or("categorical", false);
  parameter.octaves = reader.boolean_or("octaves", false);
  parameter.monotone = reader.boolean_or("monotone", false);
  parameter.lessons = reader.boolean_or("lessons", false);
  parameter.peak = reader.string_or("peak", "");
  parameter.center = reader.at("center").number_in(-huge, huge);
  parameter.width = reader.at("width").number_in(1e-9, huge);
  if (const auto cohort = reader.find("cohort")) parameter.cohort = Cohort::from_json(*cohort);
  const bool memory = parameter.octaves && !parameter.categorical;
  if ((parameter.monotone && !memory) ||
      ((parameter.lessons || !parameter.cohort.needs.empty()) && !parameter.monotone)) {
    reader.fail("is no amount of memory");
  }
  return parameter;
}

}  // namespace

json::Value FeatureSchema::to_json() const {
  json::Array number_list;
  for (const NumberFeature& n : numbers) {
    number_list.emplace_back(json::object({{"metric", n.metric},
                                           {"parameter", n.parameter},
                                           {"lesson", n.lesson},
                                           {"mean", n.mean},
                                           {"deviation", n.deviation},
                                           {"sometimes_missing", n.sometimes_missing}}));
  }
  json::Array parameter_list;
  for (const ParameterFeature& p : parameters) {
    json::Object parameter = {{"name", p.name},       {"categorical", p.categorical},
                              {"octaves", p.octaves}, {"monotone", p.monotone},
                              {"lessons", p.lessons}, {"peak", p.peak},
                              {"center", p.center},   {"width", p.width}};
    if (!p.cohort.needs.empty()) parameter.emplace_back("cohort", p.cohort.to_json());
    parameter_list.emplace_back(std::move(parameter));
  }
  return json::object({{"parameters", parameter_list}, {"numbers", number_list}, {"buckets", std::int64_t{buckets}}});
}

FeatureSchema FeatureSchema::from_json(const json::Value& value) {
  const json::Reader reader(value);
  FeatureSchema schema;
  for (const json::Reader& item : reader.at("parameters").items()) schema.parameters.push_back(read_parameter(item));
  for (const json::Reader& item : reader.at("numbers").items()) schema.numbers.push_back(read_number(item));
  if (schema.parameters.size() > max_parameters) reader.at("parameters").fail("has too many items");
  if (schema.numbers.size() > max_numbers) reader.at("numbers").fail("has too many items");
  schema.buckets = static_cast<std::uint32_t>(reader.at("buckets").integer_in(1, 1 << 20));
  return schema;
}

}  // namespace jobmedic::model
