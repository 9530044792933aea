#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace jobmedic {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// RFC 3339 with any offset, to UTC; none where the text is no such time.
std::optional<TimePoint> parse_time(std::string_view text);
/// "2026-11-21T03:12:00Z", with ".123" only where there are milliseconds.
std::string format_time(TimePoint time);
TimePoint now();

}  // namespace jobmedic
