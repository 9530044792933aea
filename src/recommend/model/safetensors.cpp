#include "recommend/model/safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "jobmedic/error.hpp"
#include "json/reader.hpp"

namespace jobmedic::model {
namespace {

constexpr std::size_t prefix = 8;                          // the header's length
constexpr std::size_t max_header = std::size_t{4} << 20U;  // real ones have a few KiB
constexpr std::size_t max_file = std::size_t{256} << 20U;  //
constexpr std::size_t max_tensors = 256, max_dimensions = 4;
constexpr std::int64_t max_floats = max_file / sizeof(float);
static_assert(sizeof(float) == 4 && std::endian::native == std::endian::little, "F32 is copied as it stands");

[[noreturn]] void damaged(std::string_view why) {
  throw Error(Status::model, fmt::format("model file: {}", why));
}

// A tensor as the header tells it.
struct Entry {
  std::string name;
  std::vector<std::size_t> dimensions;
  std::size_t begin = 0;
  std::size_t end = 0;
};

Entry read_entry(const std::string& name, const json::Reader& reader) {
  if (reader.at("dtype").string() != "F32") reader.at("dtype").expected("\"F32\"");
  Entry entry;
  entry.name = name;
  std::int64_t count = 1;
  const auto dimensions = reader.at("shape").items();
  if (dimensions.size() > max_dimensions) reader.at("shape").fail("has too many dimensions");
  for (const json::Reader& dimension : dimensions) {
    entry.dimensions.push_back(static_cast<std::size_t>(dimension.integer_in(0, max_floats)));
    count *= dimension.integer();
    if (count > max_floats) reader.at("shape").fail("is too large");
  }
  const auto offsets = reader.at("data_offsets").items();
  if (offsets.size() != 2) reader.at("data_offsets").expected("two numbers");
  entry.begin = static_cast<std::size_t>(offsets[0].integer_in(0, max_file));
  entry.end = static_cast<std::size_t>(offsets[1].integer_in(0, max_file));
  if (entry.end < entry.begin || entry.end - entry.begin != static_cast<std::size_t>(count) * sizeof(float)) {
    reader.at("data_offsets").fail("does not fit the shape");
  }
  return entry;
}

NamedTensor read_tensor(const Entry& entry, std::string_view data) {
  NamedTensor tensor{entry.name, entry.dimensions, std::vector<float>((entry.end - entry.begin) / sizeof(float))};
  if (!tensor.values.empty()) std::memcpy(tensor.values.data(), data.data() + entry.begin, entry.end - entry.begin);
  for (const float value : tensor.values) {
    if (!std::isfinite(value)) damaged(fmt::format("tensor \"{:.80}\" holds a number that is not finite", entry.name));
  }
  return tensor;
}

Safetensors read(const json::Value& header, std::string_view data) {
  Safetensors file;
  std::vector<Entry> entries;
  for (const auto& [name, reader] : json::Reader(header).members()) {
    if (name == "__metadata__") {
      file.metadata = reader.string_map();
    } else if (entries.size() < max_tensors) {
      entries.push_back(read_entry(name, reader));
    } else {
      damaged("has too many tensors");
    }
  }
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  std::size_t expected = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != expected) damaged("its tensors overlap or leave gaps");
    expected = entry.end;
  }
  if (expected != data.size()) {
    damaged(fmt::format("{} bytes of numbers expected, {} found", expected, data.size()));
  }
  for (const Entry& entry : entries) file.tensors.push_back(read_tensor(entry, data));
  return file;
}

}  // namespace

Safetensors Safetensors::parse(std::string_view bytes) {
  if (bytes.size() < prefix) damaged(fmt::format("{} bytes are no safetensors file", bytes.size()));
  if (bytes.size() > max_file) damaged(fmt::format("{} bytes are more than any model here has", bytes.size()));
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), prefix);
  if (length > max_header || length > bytes.size() - prefix) damaged("its header is longer than the file, or too long");
  try {
    return read(json::parse(bytes.substr(prefix, length)), bytes.substr(prefix + length));
  } catch (const Error& error) {
    if (error.status() == Status::model) throw;
    throw Error(Status::model, fmt::format("model file, header: {}", error.what()), error.detail());
  }
}

std::string Safetensors::to_bytes() const {
  json::Object header;
  json::Object names;
  for (const auto& [name, value] : metadata) names.emplace_back(name, value);
  header.emplace_back("__metadata__", std::move(names));
  std::size_t offset = 0;
  for (const NamedTensor& tensor : tensors) {
    json::Array shape;
    for (const std::size_t dimension : tensor.dimensions) shape.emplace_back(std::uint64_t{dimension});
    const std::size_t end = offset + tensor.values.size() * sizeof(float);
    header.emplace_back(tensor.name,
                        json::object({{"dtype", "F32"},
                                      {"shape", std::move(shape)},
                                      {"data_offsets", json::Array{std::uint64_t{offset}, std::uint64_t{end}}}}));
    offset = end;
  }
  std::string text = json::write(json::Value(std::move(header)));
  text.resize((text.size() + 7) / 8 * 8, ' ');  // numbers start on a multiple of eight
  const std::uint64_t length = text.size();
  std::string bytes(prefix, '\0');
  std::memcpy(bytes.data(), &length, prefix);
  bytes += text;
  for (const NamedTensor& tensor : tensors) {
    bytes.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
  }
  return bytes;
}

}  // namespace jobmedic::model
