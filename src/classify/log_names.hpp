#pragma once
#include <span>
#include <string_view>

namespace jobmedic::classify {

/// One name of each kind that log sources give: ROLE[-N].STREAM. What a rule's "log" has to match.
std::span<const std::string_view> typical_log_names() noexcept;

}  // namespace jobmedic::classify
