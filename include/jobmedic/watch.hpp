#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "jobmedic/forecast.hpp"

/// Readings of what lives here: a process and the limit it is under, or a control group. Linux only.
namespace jobmedic::forecast {

class LiveSource {
 public:
  virtual ~LiveSource() = default;
  /// Now; its time is that of a monotonic clock, in seconds. None: it has ended.
  [[nodiscard]] virtual std::optional<Reading> read() = 0;
  /// NaN: nothing limits it.
  [[nodiscard]] virtual double limit_bytes() const = 0;
  /// "cgroup v1 /sys/fs/cgroup/memory/jobs (64 MiB)", for people.
  [[nodiscard]] virtual std::string description() const = 0;
};

/// A process, under the smallest limit that holds for it: of its control groups and their parents (v1 or v2), its
/// address space (RLIMIT_AS, held against its virtual memory), or the machine's memory.
/// `root`: where /proc and /sys are, "/" but in tests. Throws Error (io): there is no such process.
std::unique_ptr<LiveSource> live_process(int pid, const std::filesystem::path& root = "/");

/// A control group by its folder, v1 or v2. Ends with its last process. Throws Error (io): it is none with memory
/// figures.
std::unique_ptr<LiveSource> live_group(const std::filesystem::path& folder);

}  // namespace jobmedic::forecast
