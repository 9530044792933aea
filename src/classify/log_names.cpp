#include "classify/log_names.hpp"

#include <algorithm>
#include <array>

#include "core/glob.hpp"

namespace jobmedic::classify {

std::span<const std::string_view> typical_log_names() noexcept {
  static constexpr std::array<std::string_view, 14> names{
      "driver.stdout", "driver.stderr", "driver.log",      "executor-0.stdout",  "executor-0.stderr",  "executor-0.log",
      "scheduler.log", "container.log", "container-3.log", "container-3.stdout", "container-3.stderr", "task.log",
      "stdout",        "stderr"};
  return names;
}

bool is_tool_log(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 4> roles{"driver*", "executor*", "container*", "std*"};
  return std::ranges::none_of(roles, [&](std::string_view glob) { return glob_matches(glob, name); });
}

}  // namespace jobmedic::classify
