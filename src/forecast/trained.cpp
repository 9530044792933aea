#include "forecast/trained.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/hash_list.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"
#include "recommend/model/safetensors.hpp"

namespace jobmedic::forecast {
namespace {

constexpr const char* format = "jobmedic.forecast_model/1";
constexpr std::size_t most_networks = 64;

[[noreturn]] void unsuitable(const std::string& why) {
  throw Error(Status::model, "forecast model: " + why);
}

std::size_t feature_named(const json::Reader& name) {
  for (std::size_t i = 0; i < feature_count; ++i) {
    if (feature_name(i) == name.string()) return i;
  }
  name.fail(fmt::format("no feature \"{}\" is known here: upgrade jobmedic", name.string()));
}

json::Value inputs_json(const std::vector<Input>& inputs) {
  json::Array list;
  for (const Input& input : inputs) {
    list.emplace_back(
        json::object({{"feature", feature_name(input.feature)},
                      {"indicator", input.indicator},
                      {"mean", double{input.mean}},
                      {"deviation", double{input.deviation}},
                      {"knot", input.knot == Input::no_knot ? json::Value() : json::Value(double{input.knot})}}));
  }
  return list;
}

std::vector<Input> read_inputs(const json::Reader& reader) {
  std::vector<Input> inputs;
  for (const json::Reader& one : reader.items()) {
    inputs.push_back({feature_named(one.at("feature")), one.at("indicator").boolean(),
                      static_cast<float>(one.at("mean").number_in(-1e30, 1e30)),
                      static_cast<float>(one.at("deviation").number_in(1e-30, 1e30)),
                      one.find("knot") ? static_cast<float>(one.at("knot").number_in(-100, 100)) : Input::no_knot});
  }
  return inputs;
}

json::Value budgets_json(const std::vector<std::pair<DeviceKey, double>>& budgets) {
  json::Array list;
  for (const auto& [key, bytes] : budgets) list.emplace_back(json::Array{key.type, key.sdk, bytes});
  return list;
}

std::vector<std::pair<DeviceKey, double>> read_budgets(const json::Reader& reader) {
  std::vector<std::pair<DeviceKey, double>> budgets;
  for (const json::Reader& one : reader.items()) {
    const std::vector<json::Reader> fields = one.items();
    if (fields.size() != 3) one.expected("device type, SDK version and bytes");
    budgets.emplace_back(DeviceKey{fields[0].string(), fields[1].string()}, fields[2].number_in(0, 1e18));
  }
  std::sort(budgets.begin(), budgets.end());
  return budgets;
}

json::Value alerts_json(const TrainedForecast& trained) {
  const auto& cuts = trained.level_cuts.seconds;
  return json::object({{"budget", trained.budget},
                       {"threshold_logit", trained.threshold_logit},
                       {"level_seconds", json::Array(cuts.begin(), cuts.end())}});
}

LevelCuts read_level_cuts(const json::Reader& alerts) {
  LevelCuts cuts;
  const auto list = alerts.find("level_seconds");
  if (!list) return cuts;  // written before there were any
  const std::vector<json::Reader> seconds = list->items();
  if (seconds.size() != cuts.seconds.size()) list->expected("the most seconds of levels 4, 3 and 2");
  double least = 0;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    least = cuts.seconds[i] = seconds[i].number_in(least, 1e9);
  }
  return cuts;
}

model::Shape shape_of(const model::Safetensors& file, std::size_t inputs) {
  const auto width = [&](std::string_view name) {
    for (const model::NamedTensor& tensor : file.tensors) {
      if (tensor.name == name && tensor.dimensions.size() == 1) return static_cast<std::uint32_t>(tensor.values.size());
    }
    unsuitable(fmt::format("it has no tensor \"{}\"", name));
  };
  const model::Shape shape = {
      static_cast<std::uint32_t>(inputs), 0, 0, 1, 1, width("0.trunk.bias"), width("0.fail.bias")};
  if (!model::is_sane(shape)) unsuitable("its network is larger than any that jobmedic trains");
  return shape;
}

}  // namespace

void normalise(std::span<const Input> inputs, const FeatureVector& features, std::span<float> into) {
  constexpr float most = 8;  // deviations: what is further out is told no better
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const float value = features[inputs[i].feature];
    const bool absent = std::isnan(value);
    const float raw = inputs[i].indicator ? (absent ? 1.0F : 0.0F) : value;
    const float known = std::clamp((raw - inputs[i].mean) / inputs[i].deviation, -most, most);
    const float normal = absent && !inputs[i].indicator ? 0 : known;
    into[i] = inputs[i].knot == Input::no_knot ? normal : std::max(normal - inputs[i].knot, 0.0F);
  }
}

std::string TrainedForecast::to_safetensors() const {
  model::Safetensors file;
  file.metadata = {{"format", format},
                   {"version", version},
                   {"inputs", json::write(inputs_json(inputs))},
                   {"limits", json::write(limits.to_json())},
                   {"budgets", json::write(budgets_json(budgets))},
                   {"calibration", json::write(calibration.to_json())},
                   {"alerts", json::write(alerts_json(*this))}};
  if (!held_out.empty()) file.metadata["held_out"] = write_hashes(held_out);
  for (std::size_t i = 0; i < networks.size(); ++i) {
    for (const model::Tensor& tensor : model::tensors(shape)) {
      if (tensor.size() == 0) continue;
      const auto begin = networks[i].begin() + static_cast<std::ptrdiff_t>(tensor.offset);
      file.tensors.push_back({fmt::format("{}.{}", i, tensor.name),
                              tensor.dimensions,
                              {begin, begin + static_cast<std::ptrdiff_t>(tensor.size())}});
    }
  }
  return file.to_bytes();
}

TrainedForecast TrainedForecast::parse(std::string_view safetensors) {
  const model::Safetensors file = model::Safetensors::parse(safetensors);
  const auto text = [&](const char* name) -> const std::string& {
    const auto found = file.metadata.find(name);
    if (found == file.metadata.end()) unsuitable(fmt::format("its metadata has no \"{}\"", name));
    return found->second;
  };
  if (text("format") != format) unsuitable(fmt::format(R"(it is no "{}" (metadata "format"))", format));
  const auto document = [&](const char* name) { return json::parse(text(name)); };
  try {
    TrainedForecast trained;
    trained.version = text("version");
    const json::Value inputs = document("inputs"), budgets = document("budgets"), alerts = document("alerts");
    trained.inputs = read_inputs(json::Reader(inputs));
    trained.limits = LearnedLimits::from_json(document("limits"));
    trained.budgets = read_budgets(json::Reader(budgets));
    trained.calibration = model::Calibration::from_json(document("calibration"));
    trained.budget = json::Reader(alerts).at("budget").number_in(0, 1);
    trained.threshold_logit = json::Reader(alerts).at("threshold_logit").number_in(-1e6, 1e6);
    trained.level_cuts = read_level_cuts(json::Reader(alerts));
    if (file.metadata.contains("held_out")) {
      auto hashes = read_hashes(text("held_out"));
      if (!hashes) unsuitable("its metadata \"held_out\" is no list of sessions");
      trained.held_out = std::move(*hashes);
    }
    trained.shape = shape_of(file, trained.inputs.size());
    std::size_t used = 0;
    for (std::size_t i = 0; i < most_networks && used < file.tensors.size(); ++i) {
      std::vector<float> values(model::weight_count(trained.shape));
      for (const model::Tensor& tensor : model::tensors(trained.shape)) {
        if (tensor.size() == 0) continue;
        const std::string name = fmt::format("{}.{}", i, tensor.name);
        const auto found =
            std::find_if(file.tensors.begin(), file.tensors.end(), [&](const auto& t) { return t.name == name; });
        if (found == file.tensors.end() || found->dimensions != tensor.dimensions) {
          unsuitable(fmt::format("tensor \"{}\" is missing or has another shape than its inputs need", name));
        }
        std::copy(found->values.begin(), found->values.end(),
                  values.begin() + static_cast<std::ptrdiff_t>(tensor.offset));
        ++used;
      }
      trained.networks.push_back(std::move(values));
    }
    if (used != file.tensors.size()) unsuitable("it has more tensors than its networks need");
    return trained;
  } catch (const Error& error) {
    if (error.status() == Status::model) throw;
    throw Error(Status::model, fmt::format("forecast model, metadata: {}", error.what()), error.detail());
  }
}

}  // namespace jobmedic::forecast
