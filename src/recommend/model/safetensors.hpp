#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Weights as safetensors: eight bytes of header length (little-endian), a JSON header, then the numbers. The subset
/// jobmedic writes: dtype F32, tensors one after another without gaps. Never pickle: a file is data, not code.
namespace jobmedic::model {

struct NamedTensor {
  std::string name;
  std::vector<std::size_t> dimensions;
  std::vector<float> values;
};

struct Safetensors {
  std::map<std::string, std::string> metadata;  ///< the header's "__metadata__"
  std::vector<NamedTensor> tensors;             ///< in the order of their bytes

  /// Throws Error (model) on anything but that subset, finite numbers and a sane size; hostile bytes are safe.
  static Safetensors parse(std::string_view bytes);
  [[nodiscard]] std::string to_bytes() const;
};

}  // namespace jobmedic::model
