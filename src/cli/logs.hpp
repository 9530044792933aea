#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "jobmedic/classify.hpp"
#include "jobmedic/templates.hpp"

/// Logs as they are given on the command line.
namespace jobmedic::cli {

struct LogFile {
  std::string name;
  std::filesystem::path path;
};

/// "[NAME=]FILE": without NAME the file's own name; "-" is standard input; of a folder every file in the order of
/// names, but hidden ones and *.json, which are documents. Throws Error: io, invalid_argument (two logs of one name).
std::vector<LogFile> find_logs(const std::vector<std::string>& arguments);

/// Feeds them in pieces, so that their size does not matter, and gives the verdict.
/// A single log whose name says no role (not ROLE[-N].stdout, .stderr or .log) is tried by every rule.
Classification read_logs(Scan scan, const std::vector<LogFile>& logs);

/// What they say themselves, for a failure that no rule knew. What came through a pipe cannot be read again.
std::vector<TellingLine> mine_logs(const std::vector<LogFile>& logs, const SecretMask& secrets = {});

constexpr const char* log_help =
    "[NAME=]FILE, or a folder of logs; NAME is ROLE[-N].STREAM such as driver.stderr (default: the file's own name); "
    "- is standard input";

}  // namespace jobmedic::cli
