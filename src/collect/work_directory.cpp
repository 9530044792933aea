// What Spark's standalone worker and YARN's node manager leave behind:
//   work/app-20261121031200-0001/3/{stdout,stderr}            executor-3.*
//   work/driver-20261121031155-0000/{stdout,stderr}           driver.*
//   application_17.../container_17..._0001_01_000002/{stdout,stderr,syslog}   container-2.*
#include <fmt/format.h>

#include <algorithm>

#include "collect/find.hpp"
#include "collect/rotation.hpp"
#include "core/text.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::collect {
namespace {

namespace fs = std::filesystem;

std::string name_of(const fs::path& path) {
  return path.filename().empty() ? path.parent_path().filename().string() : path.filename().string();
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Only what the process printed: a driver's folder also holds the user's jar.
void add_streams(const fs::path& process, std::vector<fs::path>& files) {
  std::error_code ignored;
  for (const fs::path& entry : entries(process)) {
    const std::string log = parse_part_name(entry.filename().string()).log;
    const bool stream = log == "stdout" || log == "stderr" || log == "syslog";
    if (stream && fs::is_regular_file(entry, ignored)) files.push_back(entry);
  }
}

std::vector<fs::path> folders_in(const fs::path& folder, bool (*wanted)(std::string_view name)) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const fs::path& entry : entries(folder)) {
    if (fs::is_directory(entry, ignored) && wanted(name_of(entry))) found.push_back(entry);
  }
  return found;
}

bool is_process(std::string_view name) {
  return is_number(name) || name.starts_with("container_");
}
bool is_application(std::string_view name) {
  return name.starts_with("app-") || name.starts_with("application_");
}
bool is_driver(std::string_view name) {
  return name.starts_with("driver-2");
}

// Logs of two applications would blame one for the other's failure.
const fs::path& only(const std::vector<fs::path>& found, const fs::path& folder, const char* what) {
  if (found.size() == 1) return found.front();
  throw Error(Status::io, fmt::format("{}: holds {} {}: name one, as in {}", folder.string(), found.size(), what,
                                      found.back().string()));
}

bool holds_streams(const fs::path& folder) {
  std::vector<fs::path> files;
  add_streams(folder, files);
  return !files.empty();
}

}  // namespace

bool is_work_directory(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return false;
  const std::string name = name_of(folder);
  if (is_driver(name) && holds_streams(folder)) return true;
  if (!folders_in(folder, is_application).empty() || !folders_in(folder, is_driver).empty()) return true;
  const auto processes = folders_in(folder, is_process);
  return std::any_of(processes.begin(), processes.end(), holds_streams);
}

std::vector<LogFile> logs_of_work_directory(const fs::path& folder) {
  std::vector<fs::path> files;
  const auto drivers = folders_in(folder, is_driver);
  const auto applications = folders_in(folder, is_application);
  if (!drivers.empty()) add_streams(only(drivers, folder, "drivers"), files);
  const fs::path& application = applications.empty() ? folder : only(applications, folder, "applications");
  if (is_driver(name_of(application))) {
    add_streams(application, files);
  } else {
    for (const fs::path& process : folders_in(application, is_process)) add_streams(process, files);
  }
  if (files.empty()) throw Error(Status::io, fmt::format("{}: no logs in this work directory", folder.string()));
  std::vector<LogFile> logs = group_parts(files);
  std::stable_sort(logs.begin(), logs.end(), [](const LogFile& a, const LogFile& b) {
    return std::make_pair(a.name.size(), a.name) < std::make_pair(b.name.size(), b.name);  // 2 before 10
  });
  // What the driver says counts first.
  std::stable_partition(logs.begin(), logs.end(), [](const LogFile& log) { return log.name.starts_with("driver."); });
  return logs;
}

}  // namespace jobmedic::collect
