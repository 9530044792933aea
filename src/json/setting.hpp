#pragma once
#include <string>

#include "json/value.hpp"

namespace jobmedic::json {

/// A setting as an engine takes it: text as it is, anything else as JSON spells it. {"spark.executor.cores": 2} is as
/// good as "2".
std::string as_setting(const Value& value);

}  // namespace jobmedic::json
