// Fitting the feature schema to examples, and its JSON form in the model's metadata.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include "jobmedic/error.hpp"
#include "json/reader.hpp"
#include "recommend/model/examples.hpp"

namespace jobmedic::model {
namespace {

constexpr std::size_t max_numbers = 1024;
constexpr std::size_t max_parameters = 256;

// What a feature was over all failed attempts.
struct Summary {
  double sum = 0;
  double squares = 0;
  std::size_t present = 0;
  std::size_t absent = 0;
  void add(std::optional<double> value) {
    if (!value) {
      ++absent;
      return;
    }
    sum += *value;
    squares += *value * *value;
    ++present;
  }
  [[nodiscard]] double mean() const { return present == 0 ? 0 : sum / static_cast<double>(present); }
  [[nodiscard]] double deviation() const {
    if (present == 0) return 0;
    return std::sqrt(std::max(0.0, squares / static_cast<double>(present) - mean() * mean()));
  }
};

ParameterFeature describe(const Parameter& parameter) {
  ParameterFeature feature;
  feature.name = parameter.name;
  feature.categorical = parameter.type == ParameterType::categorical;
  if (feature.categorical) return feature;
  feature.octaves = parameter.min > 0;
  feature.width = feature.octaves ? 1 : std::max(parameter.max - parameter.min, 1e-9);
  feature.monotone = feature.octaves && is_memory(parameter);
  return feature;
}

// Only parameters that took several values: about others the history tells nothing.
std::vector<ParameterFeature> fit_parameters(const ExampleSet& set, const Space& space) {
  std::vector<ParameterFeature> features;
  for (std::size_t i = 0; i < space.parameters.size() && features.size() < max_parameters; ++i) {
    ParameterFeature feature = describe(space.parameters[i]);
    std::set<double> values;
    Summary positions;
    for (const Example& example : set.examples) {
      const double value = example.point[i];
      if (std::isnan(value)) continue;
      if (values.size() < 2) values.insert(value);
      if (const double at = feature.categorical ? 0 : position(feature, value); !std::isnan(at)) positions.add(at);
    }
    if (values.size() < 2) continue;
    feature.center = positions.mean();
    features.push_back(feature);
  }
  return features;
}

// The peak that was closest to its limit, failure by failure: what ran full is what failed.
std::string fullest_peak(const ExampleSet& set, std::size_t parameter, const Space& space) {
  std::map<std::string, Summary> ratios;
  for (const FailedAttempt& failed : set.failed) {
    const double given = failed.before()[parameter] * bytes_per_unit(space.parameters[parameter]);
    for (const auto& [name, value] : failed.attempt().metrics) {
      const bool peak = name.find("peak") != std::string::npos && name.ends_with("_bytes");
      if (peak && value > 0 && given > 0) ratios[name].add(std::log2(value / given));
    }
  }
  std::string best;
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [name, ratio] : ratios) {
    if (2 * ratio.present < set.failed.size() || ratio.deviation() >= least) continue;
    least = ratio.deviation();
    best = name;
  }
  return best;
}

// What a job's earlier runs say is of use where some failed attempts have them.
void fit_lessons(const ExampleSet& set, const Space& space, std::vector<ParameterFeature>& parameters) {
  const bool any = std::any_of(set.failed.begin(), set.failed.end(), [](const auto& f) { return !f.past().empty(); });
  for (ParameterFeature& feature : parameters) {
    if (!any || !feature.monotone) continue;
    feature.lessons = true;
    const auto found = std::find_if(space.parameters.begin(), space.parameters.end(),
                                    [&](const Parameter& p) { return p.name == feature.name; });
    feature.peak = fullest_peak(set, static_cast<std::size_t>(found - space.parameters.begin()), space);
  }
}

std::vector<NumberFeature> possible_numbers(const ExampleSet& set, const std::vector<ParameterFeature>& parameters) {
  std::set<std::string> metrics;
  for (const FailedAttempt& failed : set.failed) {
    for (std::string& name : metric_names(failed.attempt())) metrics.insert(std::move(name));
  }
  std::vector<NumberFeature> numbers;
  numbers.reserve(metrics.size() + parameters.size());
  for (const std::string& metric : metrics) numbers.push_back({metric, "", "", 0, 1, false});
  for (const char* lesson : {"retry_odds", "retries"}) numbers.push_back({"", "", lesson, 0, 1, false});
  for (const ParameterFeature& parameter : parameters) {
    if (parameter.categorical) continue;
    numbers.push_back({"", parameter.name, "", 0, 1, false});
    if (!parameter.lessons) continue;
    for (const char* lesson : {"proven", "guessed", "other", "failed", "need", "spread", "runs"}) {
      numbers.push_back({"", parameter.name, lesson, 0, 1, false});
    }
  }
  if (numbers.size() > max_numbers) numbers.resize(max_numbers);
  return numbers;
}

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
  const bool memory = parameter.octaves && !parameter.categorical;
  if ((parameter.monotone && !memory) || (parameter.lessons && !parameter.monotone)) {
    reader.fail("is no amount of memory");
  }
  return parameter;
}

}  // namespace

FeatureSchema fit_schema(const ExampleSet& set, const Space& space) {
  FeatureSchema schema;
  schema.parameters = fit_parameters(set, space);
  fit_lessons(set, space, schema.parameters);
  const std::vector<NumberFeature> possible = possible_numbers(set, schema.parameters);
  std::vector<Summary> summaries(possible.size());
  for (const FailedAttempt& failed : set.failed) {
    const Encoder encoder(schema, failed);
    for (std::size_t i = 0; i < possible.size(); ++i) summaries[i].add(encoder.value_of(possible[i]));
  }
  for (std::size_t i = 0; i < possible.size(); ++i) {
    const bool sometimes_missing = summaries[i].absent > 0 && summaries[i].present > 0;
    if (summaries[i].deviation() < 1e-6 && !sometimes_missing) continue;
    NumberFeature number = possible[i];
    number.mean = summaries[i].mean();
    number.deviation = std::max(summaries[i].deviation(), 0.05);
    number.sometimes_missing = sometimes_missing;
    schema.numbers.push_back(number);
  }
  return schema;
}

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
    parameter_list.emplace_back(json::object({{"name", p.name},
                                              {"categorical", p.categorical},
                                              {"octaves", p.octaves},
                                              {"monotone", p.monotone},
                                              {"lessons", p.lessons},
                                              {"peak", p.peak},
                                              {"center", p.center},
                                              {"width", p.width}}));
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
