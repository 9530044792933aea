#include "recommend/optimizer/setting.hpp"

#include "jobmedic/error.hpp"
#include "json/setting.hpp"

namespace jobmedic {

std::optional<double> setting(const json::Value& config, std::size_t index, const Space& space) {
  const Parameter& parameter = space.parameters[index];
  const json::Value* value = config.find(parameter.name);
  const bool given = value != nullptr && !value->is_null();
  if (!given && parameter.absent.empty()) return std::nullopt;
  try {
    return space.parse_value(index, given ? json::as_setting(*value) : parameter.absent);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace jobmedic
