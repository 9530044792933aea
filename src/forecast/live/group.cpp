#include "forecast/live/group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>

namespace jobmedic::forecast {
namespace {

constexpr double no_limit = 1e15;  // version 1 writes 2^63 less a page for "none"

double single_number(const std::filesystem::path& path) {
  return kernel_number(kernel_text(path), "");
}

}  // namespace

std::string kernel_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

double kernel_number(const std::string& text, std::string_view name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name)) continue;
    const std::string rest = line.substr(name.size());
    const auto begin = rest.find_first_not_of(" \t:");
    if (begin == std::string::npos || (begin == 0 && !name.empty()) || rest[begin] < '0' || rest[begin] > '9') continue;
    return std::stod(rest.substr(begin));
  }
  return unknown;
}

std::optional<MemoryGroup> MemoryGroup::open(const std::filesystem::path& folder) {
  MemoryGroup group;
  group.folder_ = folder;
  std::error_code ignored;
  group.second_ = std::filesystem::exists(folder / "memory.current", ignored);
  if (!group.second_ && !std::filesystem::exists(folder / "memory.usage_in_bytes", ignored)) return std::nullopt;
  const double limit = single_number(folder / (group.second_ ? "memory.max" : "memory.limit_in_bytes"));
  if (limit < no_limit) group.limit_ = limit;
  return group;
}

std::optional<MemoryGroup> MemoryGroup::limiting(const std::filesystem::path& root, int pid) {
  const std::filesystem::path mounts = root / "sys/fs/cgroup";
  std::istringstream lines(kernel_text(root / "proc" / std::to_string(pid) / "cgroup"));
  std::optional<MemoryGroup> smallest;
  for (std::string line; std::getline(lines, line);) {  // "4:memory:/jobs/a", "0::/jobs/a"
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && ("," + controllers + ",").find(",memory,") == std::string::npos) continue;
    const std::filesystem::path base = controllers.empty() ? mounts : mounts / "memory";
    std::filesystem::path place = std::filesystem::path(line.substr(second + 1)).relative_path();
    for (bool more = true; more; place = place.parent_path()) {
      more = !place.empty();
      std::optional<MemoryGroup> group = open(base / place);
      if (!group || std::isnan(group->limit_)) continue;
      if (!smallest || group->limit_ < smallest->limit_) smallest = group;
    }
  }
  return smallest;
}

void MemoryGroup::read_into(Reading& reading) const {
  const std::string stat = kernel_text(folder_ / "memory.stat");
  if (second_) {
    reading.usage_bytes = single_number(folder_ / "memory.current");
    // Shared memory (tmpfs) is counted as file, but only swap could take it back.
    const double shared = kernel_number(stat, "shmem");
    reading.cache_bytes = kernel_number(stat, "file") - (std::isnan(shared) ? 0 : shared);
    reading.group_bytes = kernel_number(stat, "anon");
    reading.group_major_faults = kernel_number(stat, "pgmajfault");
    reading.limit_hits = kernel_number(kernel_text(folder_ / "memory.events"), "max");
    return;
  }
  reading.usage_bytes = single_number(folder_ / "memory.usage_in_bytes");
  const double shared = kernel_number(stat, "total_shmem");
  reading.cache_bytes = kernel_number(stat, "total_cache") - (std::isnan(shared) ? 0 : shared);
  reading.group_bytes = kernel_number(stat, "total_rss");
  reading.group_major_faults = kernel_number(stat, "total_pgmajfault");
  reading.limit_hits = single_number(folder_ / "memory.failcnt");
}

bool MemoryGroup::has_processes() const {
  if (!kernel_text(folder_ / "cgroup.procs").empty()) return true;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    if (entry.is_directory(ignored) && !kernel_text(entry.path() / "cgroup.procs").empty()) return true;
  }
  return false;
}

std::string MemoryGroup::description() const {
  const std::string size = std::isnan(limit_) ? "no limit" : fmt::format("{:.0f} MiB", limit_ / 1024 / 1024);
  return fmt::format("cgroup v{} {} ({})", second_ ? 2 : 1, folder_.string(), size);
}

}  // namespace jobmedic::forecast
