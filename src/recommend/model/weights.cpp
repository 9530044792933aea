#include "recommend/model/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/hash_list.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "recommend/model/safetensors.hpp"

namespace jobmedic::model {
namespace {

constexpr const char* format = "jobmedic.model/1";

[[noreturn]] void unsuitable(const std::string& why) {
  throw Error(Status::model, "model file: " + why);
}

json::Value metadata(const Safetensors& file, const char* name) {
  const auto found = file.metadata.find(name);
  if (found == file.metadata.end()) unsuitable(fmt::format("its metadata has no \"{}\"", name));
  return json::parse(found->second);
}

std::uint32_t dimension(const Safetensors& file, std::string_view name, std::size_t axis) {
  const auto found =
      std::find_if(file.tensors.begin(), file.tensors.end(), [&](const auto& t) { return t.name == name; });
  if (found == file.tensors.end() || found->dimensions.size() <= axis || found->dimensions[axis] > 1U << 20U) {
    unsuitable(fmt::format("it has no tensor \"{}\" of a usable shape", name));
  }
  return static_cast<std::uint32_t>(found->dimensions[axis]);
}

Shape shape_of(const Safetensors& file, const FeatureSchema& schema) {
  Shape shape = shape_for(schema);
  shape.embedding = dimension(file, "embedding", 1);
  shape.trunk = dimension(file, "trunk.bias", 0);
  shape.hidden = dimension(file, "fail.bias", 0);
  if (!is_sane(shape)) unsuitable("its network is larger than any that jobmedic trains");
  return shape;
}

std::vector<float> join(const Safetensors& file, const Shape& shape) {
  const std::vector<Tensor> expected = tensors(shape);
  if (file.tensors.size() != expected.size()) {
    unsuitable(fmt::format("{} tensors expected, {} found", expected.size(), file.tensors.size()));
  }
  std::vector<float> values(weight_count(shape));
  for (const Tensor& tensor : expected) {
    const auto found =
        std::find_if(file.tensors.begin(), file.tensors.end(), [&](const auto& t) { return t.name == tensor.name; });
    if (found == file.tensors.end()) unsuitable(fmt::format("it has no tensor \"{}\"", tensor.name));
    if (found->dimensions != tensor.dimensions) {
      unsuitable(fmt::format("tensor \"{}\" has another shape than its features need", tensor.name));
    }
    std::copy(found->values.begin(), found->values.end(), values.begin() + static_cast<std::ptrdiff_t>(tensor.offset));
  }
  return values;
}

TrainedWeights read(const Safetensors& file) {
  const auto kind = file.metadata.find("format");
  if (kind == file.metadata.end() || kind->second != format) {
    unsuitable(fmt::format(R"(it is no "{}" (metadata "format"))", format));
  }
  TrainedWeights weights;
  if (const auto version = file.metadata.find("version"); version != file.metadata.end()) {
    weights.version = version->second;
  }
  if (const auto jobs = file.metadata.find("held_out"); jobs != file.metadata.end()) {
    auto hashes = read_hashes(jobs->second);
    if (!hashes) unsuitable("its metadata \"held_out\" is no list of jobs");
    weights.held_out = std::move(*hashes);
  }
  weights.schema = FeatureSchema::from_json(metadata(file, "features"));
  weights.calibration = Calibration::from_json(metadata(file, "calibration"));
  weights.shape = shape_of(file, weights.schema);
  weights.values = join(file, weights.shape);
  return weights;
}

}  // namespace

Shape shape_for(const FeatureSchema& schema) {
  Shape shape = {};
  shape.context = schema.context_size();
  shape.candidate = schema.candidate_size();
  shape.monotone = schema.monotone_size();
  shape.buckets = schema.buckets;
  shape.embedding = 8;
  shape.trunk = 32;
  shape.hidden = 16;
  return shape;
}

std::string TrainedWeights::to_safetensors() const {
  Safetensors file;
  file.metadata = {{"format", format},
                   {"version", version},
                   {"features", json::write(schema.to_json())},
                   {"calibration", json::write(calibration.to_json())}};
  if (!held_out.empty()) file.metadata["held_out"] = write_hashes(held_out);
  for (const Tensor& tensor : tensors(shape)) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(tensor.offset);
    file.tensors.push_back(
        {tensor.name, tensor.dimensions, {begin, begin + static_cast<std::ptrdiff_t>(tensor.size())}});
  }
  return file.to_bytes();
}

TrainedWeights TrainedWeights::parse(std::string_view safetensors) {
  const Safetensors file = Safetensors::parse(safetensors);
  try {
    return read(file);
  } catch (const Error& error) {
    if (error.status() == Status::model) throw;
    throw Error(Status::model, fmt::format("model file, metadata: {}", error.what()), error.detail());
  }
}

}  // namespace jobmedic::model
