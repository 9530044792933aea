#pragma once
#include <span>
#include <string_view>

namespace jobmedic::classify {

/// One name of each kind that log sources give: ROLE[-N].STREAM. What a rule's "log" has to match.
std::span<const std::string_view> typical_log_names() noexcept;

/// The glob of logs that tools and services write.
constexpr std::string_view tool_logs = "*.log";
/// Whether a log of another name is read as theirs, too: what is no stream of an engine's role or of a process
/// ("indexer.stderr", "describe.txt", "-").
bool is_tool_log(std::string_view name) noexcept;

}  // namespace jobmedic::classify
