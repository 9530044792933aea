#pragma once
#include <optional>
#include <string_view>

#include "jobmedic/error.hpp"
#include "jobmedic/rules.hpp"

namespace jobmedic::classify {

/// `FILE: rule 3 "NAME": PROBLEM`, detail {"file", "rule", "number", "column"}; an unknown number and an absent column
/// are left out.
Error rule_error(const Rule& rule, std::string_view problem, std::optional<std::size_t> column = std::nullopt);

}  // namespace jobmedic::classify
