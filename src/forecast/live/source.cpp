#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <sstream>
#include <vector>

#include "forecast/live/group.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/watch.hpp"

namespace jobmedic::forecast {
namespace {

constexpr double kib = 1024;

double monotonic_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Fields of /proc/PID/stat by their number in proc(5); the name in parentheses may hold anything.
std::vector<std::string> stat_fields(const std::string& stat) {
  const auto name_end = stat.rfind(')');
  std::vector<std::string> fields(3);
  if (name_end == std::string::npos) return fields;
  std::istringstream rest(stat.substr(name_end + 1));
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

double number_at(const std::vector<std::string>& fields, std::size_t place) {
  return place < fields.size() ? std::strtod(fields[place].c_str(), nullptr) : unknown;
}

class LiveProcess final : public LiveSource {
 public:
  LiveProcess(int pid, const std::filesystem::path& root)
      : root_(root), folder_(root / "proc" / std::to_string(pid)), group_(MemoryGroup::limiting(root, pid)) {
    const std::string stat = kernel_text(folder_ / "stat");
    if (stat.empty()) {
      throw Error(Status::io, fmt::format("{}: there is no such process", folder_.string()),
                  fmt::format(R"({{"errno": {}}})", ESRCH));
    }
    began_ = began(stat);
    machine_ = kernel_number(kernel_text(root / "proc/meminfo"), "MemTotal") * kib;
    address_space_ = kernel_number(kernel_text(folder_ / "limits"), "Max address space");
    if (group_ && group_->limit_bytes() >= machine_) group_.reset();
    by_address_space_ = address_space_ < (group_ ? group_->limit_bytes() : machine_);
    if (by_address_space_) group_.reset();
  }

  std::optional<Reading> read() override {
    const std::string stat = kernel_text(folder_ / "stat"), status = kernel_text(folder_ / "status");
    const std::vector<std::string> fields = stat_fields(stat);
    constexpr std::size_t state = 3, minor_faults = 10, major_faults = 12, user = 14, system = 15;
    const bool ended = stat.empty() || began(stat) != began_ || fields.size() <= system || fields[state] == "Z" ||
                       fields[state] == "X";
    if (ended) return std::nullopt;
    Reading reading;
    reading.time_s = monotonic_s();
    reading.resident_bytes = kernel_number(status, "VmRSS") * kib;
    reading.private_bytes = kernel_number(kernel_text(folder_ / "smaps_rollup"), "Pss_Anon") * kib;
    if (std::isnan(reading.private_bytes)) reading.private_bytes = kernel_number(status, "RssAnon") * kib;
    reading.shared_bytes = (kernel_number(status, "RssFile") + kernel_number(status, "RssShmem")) * kib;
    reading.virtual_bytes = kernel_number(status, "VmSize") * kib;
    reading.threads = kernel_number(status, "Threads");
    reading.minor_faults = number_at(fields, minor_faults);
    reading.major_faults = number_at(fields, major_faults);
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    reading.cpu_s = (number_at(fields, user) + number_at(fields, system)) / ticks;
    read_held(reading);
    return reading;
  }

  double limit_bytes() const override {
    if (by_address_space_) return address_space_;
    return group_ ? group_->limit_bytes() : machine_;
  }

  std::string description() const override {
    constexpr double mib = kib * kib;
    if (by_address_space_) return fmt::format("its address space ({:.0f} MiB)", address_space_ / mib);
    return group_ ? group_->description() : fmt::format("the machine's memory ({:.0f} MiB)", machine_ / mib);
  }

 private:
  static std::string began(const std::string& stat) {
    constexpr std::size_t start_time = 22;
    const std::vector<std::string> fields = stat_fields(stat);
    return start_time < fields.size() ? fields[start_time] : "";
  }

  // What the limit is held against.
  void read_held(Reading& reading) const {
    if (by_address_space_) {
      reading.usage_bytes = reading.virtual_bytes;
      reading.cache_bytes = 0;
    } else if (group_) {
      group_->read_into(reading);
    } else {
      const std::string memory = kernel_text(root_ / "proc/meminfo");
      reading.usage_bytes = (kernel_number(memory, "MemTotal") - kernel_number(memory, "MemAvailable")) * kib;
      reading.cache_bytes = 0;
    }
  }

  std::filesystem::path root_, folder_;
  std::optional<MemoryGroup> group_;
  std::string began_;
  double machine_ = unknown, address_space_ = unknown;
  bool by_address_space_ = false;
};

class LiveGroup final : public LiveSource {
 public:
  explicit LiveGroup(MemoryGroup group) : group_(std::move(group)) {}

  std::optional<Reading> read() override {
    if (!group_.has_processes()) return std::nullopt;
    Reading reading;
    reading.time_s = monotonic_s();
    group_.read_into(reading);
    return reading;
  }
  double limit_bytes() const override { return group_.limit_bytes(); }
  std::string description() const override { return group_.description(); }

 private:
  MemoryGroup group_;
};

}  // namespace

std::unique_ptr<LiveSource> live_process(int pid, const std::filesystem::path& root) {
  return std::make_unique<LiveProcess>(pid, root);
}

std::unique_ptr<LiveSource> live_group(const std::filesystem::path& folder) {
  const auto group = MemoryGroup::open(folder);
  if (!group) throw Error(Status::io, fmt::format("{}: no control group with figures of memory", folder.string()));
  return std::make_unique<LiveGroup>(*group);
}

}  // namespace jobmedic::forecast
