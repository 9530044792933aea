#pragma once
#include <span>
#include <string_view>

namespace jobmedic::classify {

/// One name of each kind that log sources give: ROLE[-N].STREAM. What a rule's "log" has to match.
std::span<const std::string_view> typical_log_names() noexcept;

/// The glob of logs that tools and services write.
constexpr std::string_view tool_logs = "*.log";
/// Whether a log is read as theirs whose name is another: the stream of a role that is none of an engine's
/// ("indexer.stderr"), and, of a job that is known to have failed, any file that stands beside ("describe.txt").
bool is_tool_log(std::string_view name, bool has_failed) noexcept;

}  // namespace jobmedic::classify
