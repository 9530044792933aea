#include "json/setting.hpp"

namespace jobmedic::json {

std::string as_setting(const Value& value) {
  const auto* text = value.as<std::string>();
  return text != nullptr ? *text : write(value);
}

}  // namespace jobmedic::json
