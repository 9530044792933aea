#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "jobmedic/forecast.hpp"

/// The memory figures of a control group, version 1 or 2.
namespace jobmedic::forecast {

class MemoryGroup {
 public:
  /// None where the folder has no such figures.
  static std::optional<MemoryGroup> open(const std::filesystem::path& folder);
  /// Of the groups that a process is in and their parents, the one with the smallest limit; none: nothing limits it.
  static std::optional<MemoryGroup> limiting(const std::filesystem::path& root, int pid);

  void read_into(Reading& reading) const;
  /// NaN: none.
  [[nodiscard]] double limit_bytes() const { return limit_; }
  [[nodiscard]] bool has_processes() const;
  [[nodiscard]] std::string description() const;

 private:
  std::filesystem::path folder_;
  bool second_ = false;  // version 2
  double limit_ = unknown;
};

/// The whole of a small file of /proc or /sys; empty where it cannot be read.
std::string kernel_text(const std::filesystem::path& path);
/// The number behind `name` at the begin of a line ("VmRSS:   123 kB": 123); NaN where there is none.
double kernel_number(const std::string& text, std::string_view name);

}  // namespace jobmedic::forecast
