#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "jobmedic/classify.hpp"
#include "jobmedic/collect.hpp"
#include "jobmedic/templates.hpp"

/// Logs as they are given on the command line.
namespace jobmedic::cli {

/// What LOG arguments and --collector name.
struct LogOptions {
  std::vector<std::string> logs;
  std::string collector;
};
CLI::Option* add_collector(CLI::App* command, LogOptions& options);

struct Logs {
  Collector collector;
  std::string unnamed;  ///< the name of a single log whose own name says no role: it is tried by every rule
};

/// "[NAME=]FILE": without NAME the file's own name, and the files that are parts of one log are that log; "-" is
/// standard input; of a folder every log in it. Then the sources of the collector document.
/// Throws CLI::RequiredError: neither is given; Error: io, invalid_argument (two logs of one name), what
/// Collector::parse throws.
Logs find_logs(const LogOptions& options);
/// The same for one argument.
Logs logs_at(const std::string& path);

/// Feeds them in pieces, so that their size does not matter, and gives the verdict.
Classification read_logs(Scan scan, const Logs& logs, const Attempt* attempt, RunFacts* facts = nullptr);

/// What they say themselves, for a failure that no rule knew. What came through a pipe cannot be read again.
std::vector<TellingLine> mine_logs(const Logs& logs, const Attempt* attempt, const SecretMask& secrets = {});

constexpr const char* log_help =
    "[NAME=]FILE, or a folder: of logs, Spark's work directory or a rolled event log; plain, gzip or zstd; NAME is "
    "ROLE[-N].STREAM such as driver.stderr (default: the file's own name); - is standard input";

}  // namespace jobmedic::cli
