#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "jobmedic/collect.hpp"

// Which logs are at a path, and how they are called.
namespace jobmedic::collect {

/// "driver.stderr" for ".../driver.stderr.1.gz", "executor-3.stderr" for Spark's
/// ".../app-20261121031200-0001/3/stderr", "container-2.stderr" for YARN's
/// ".../container_1700000000000_0001_01_000002/stderr".
std::string log_name(const std::filesystem::path& file);

/// Files as logs in the order given, the parts of each from the oldest to the newest. Only parts that lie in
/// one folder belong together.
std::vector<LogFile> group_parts(const std::vector<std::filesystem::path>& files);

/// The file alone. Throws Error (io): there is none.
std::vector<LogFile> logs_of_file(const std::filesystem::path& file);
/// The file with the other parts of its log, where it is one; the path may name a part or the log itself.
std::vector<LogFile> log_with_parts(const std::filesystem::path& file);
/// Throws Error (io): no folder, or no log in it.
std::vector<LogFile> logs_of_folder(const std::filesystem::path& folder);
/// glob(7): `*`, `?`, `[...]`. A folder that matches stands for the logs in it. Throws Error (io): nothing matches.
std::vector<LogFile> logs_of_glob(const std::string& pattern);
/// One application of a Spark standalone work directory, or of YARN's container logs. `folder`: the directory of the
/// worker, of one application, of one driver. Throws Error (io): none there, or more than one.
std::vector<LogFile> logs_of_work_directory(const std::filesystem::path& folder);
/// The parts of a rolled Spark event log, if the folder is one.
std::vector<LogFile> rolled_event_log(const std::filesystem::path& folder);

/// Does the folder look like logs_of_work_directory wants it?
bool is_work_directory(const std::filesystem::path& folder);

/// What is in a folder, in the order of names; hidden entries left out. Throws Error (io).
std::vector<std::filesystem::path> entries(const std::filesystem::path& folder);

}  // namespace jobmedic::collect
