#include "report/memory_settings.hpp"

#include "jobmedic/rightsize.hpp"
#include "json/setting.hpp"
#include "recommend/optimizer/setting.hpp"

namespace jobmedic::reported {
namespace {

constexpr double GiB = 0x1p30;

}  // namespace

MemorySettings::MemorySettings(const std::string& engine)
    : engine_(engine), space_(Space::parse(shipped_space(engine))) {}

std::optional<double> MemorySettings::gib(const json::Value& config, const std::string& parameter) const {
  for (std::size_t i = 0; i < space_.parameters.size(); ++i) {
    const Parameter& known = space_.parameters[i];
    if (known.name != parameter || !is_memory(known)) continue;
    const auto amount = setting(config, i, space_);
    return amount ? std::optional(*amount * bytes_per_unit(known) / GiB) : std::nullopt;
  }
  return std::nullopt;
}

double copies(const json::Value& config) {
  const json::Value* instances = config.find("spark.executor.instances");
  if (instances == nullptr) return 1;
  const double count = std::strtod(json::as_setting(*instances).c_str(), nullptr);
  return count >= 1 && count < 1e6 ? count : 1;
}

std::vector<std::pair<std::string, std::string>> settings_of(const std::string& patch) {
  std::vector<std::pair<std::string, std::string>> settings;
  const json::Value document = json::parse(patch);
  for (const json::Value& operation : *document.as<json::Array>()) {
    const json::Value* path = operation.find("path");
    const json::Value* value = operation.find("value");
    const auto* pointer = path == nullptr ? nullptr : path->as<std::string>();
    if (pointer == nullptr || pointer->empty() || value == nullptr) continue;
    settings.emplace_back(pointer->substr(1), json::as_setting(*value));  // no "/" or "~" in the name of any setting
  }
  return settings;
}

std::string written(const json::Value& config, const std::string& member) {
  const json::Value* value = config.find(member);
  return value == nullptr ? "" : json::as_setting(*value);
}

}  // namespace jobmedic::reported
