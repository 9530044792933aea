// Spark's rolling event log: eventlog_v2_APP/events_1_APP[.zstd], events_2_APP, ... and appstatus_APP. Compaction
// writes events_7_APP.compact, which replaces that part and all before it.
#include <algorithm>
#include <charconv>
#include <optional>

#include "collect/find.hpp"

namespace jobmedic::collect {
namespace {

namespace fs = std::filesystem;

struct Part {
  std::int64_t number = 0;
  bool compact = false;
  fs::path path;
};

std::optional<Part> part_of(const fs::path& path) {
  const std::string name = path.filename().string();
  constexpr std::string_view prefix = "events_";
  if (!name.starts_with(prefix)) return std::nullopt;
  Part part{0, name.ends_with(".compact"), path};
  const char* end = name.data() + name.size();
  const auto [at, code] = std::from_chars(name.data() + prefix.size(), end, part.number);
  if (code != std::errc() || at == end || *at != '_') return std::nullopt;
  return part;
}

}  // namespace

std::vector<LogFile> rolled_event_log(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return {};
  std::vector<Part> parts;
  for (const fs::path& entry : entries(folder)) {
    if (auto part = part_of(entry)) parts.push_back(std::move(*part));
  }
  const auto order = [](const Part& a, const Part& b) {
    return std::make_pair(a.number, a.compact) < std::make_pair(b.number, b.compact);
  };
  std::sort(parts.begin(), parts.end(), order);
  const auto compact = std::find_if(parts.rbegin(), parts.rend(), [](const Part& part) { return part.compact; });
  if (compact != parts.rend()) parts.erase(parts.begin(), std::prev(compact.base()));
  if (parts.empty()) return {};
  LogFile log{event_log_name, {}};
  for (Part& part : parts) log.parts.push_back(std::move(part.path));
  return {log};
}

}  // namespace jobmedic::collect
