#include "cli/logs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/glob.hpp"
#include "core/text.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::cli {
namespace {

namespace fs = std::filesystem;

bool is_log(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  std::error_code ignored;
  return entry.is_regular_file(ignored) && !name.starts_with('.') && !name.ends_with(".json");
}

std::vector<LogFile> logs_in(const fs::path& folder) {
  std::vector<LogFile> logs;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    if (is_log(*entry)) logs.push_back({valid_utf8(entry->path().filename().string()), entry->path()});
  }
  if (code) throw Error(Status::io, fmt::format("{}: {}", folder.string(), code.message()));
  if (logs.empty()) throw Error(Status::io, fmt::format("{}: no logs in this folder", folder.string()));
  std::sort(logs.begin(), logs.end(), [](const LogFile& a, const LogFile& b) { return a.name < b.name; });
  return logs;
}

LogFile log_at(const std::string& name, const std::string& path) {
  if (path == "-") return {name.empty() ? "-" : name, "/dev/stdin"};
  return {name.empty() ? valid_utf8(fs::path(path).filename().string()) : name, path};
}

// A file whose own name holds '=' is taken as it is.
std::vector<LogFile> logs_of(const std::string& argument) {
  std::error_code ignored;
  if (fs::is_directory(argument, ignored)) return logs_in(argument);
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos || fs::exists(argument, ignored)) return {log_at("", argument)};
  return {log_at(valid_utf8(argument.substr(0, equals)), argument.substr(equals + 1))};
}

bool names_a_role(std::string_view name) {
  constexpr std::array streams{"?*.stdout",      "?*.stderr",   "scheduler.log",
                               "container*.log", "driver*.log", "executor*.log"};
  return std::any_of(streams.begin(), streams.end(), [&](const char* glob) { return glob_matches(glob, name); });
}

// What was fed without a name gets it back in the document.
void restore_name(Classification& verdict, const std::string& name) {
  if (verdict.evidence && verdict.evidence->line > 0) verdict.evidence->log = name;
  for (RuleMatch& match : verdict.other_matches) {
    if (match.evidence.line > 0) match.evidence.log = name;
  }
  verdict.logs = {name};
}

}  // namespace

std::vector<LogFile> find_logs(const std::vector<std::string>& arguments) {
  std::vector<LogFile> logs;
  for (const std::string& argument : arguments) {
    for (LogFile& log : logs_of(argument)) logs.push_back(std::move(log));
  }
  std::set<std::string_view> names;
  for (const LogFile& log : logs) {
    if (names.insert(log.name).second) continue;
    throw Error(Status::invalid_argument,
                fmt::format("two logs are named \"{}\": name one of them, as in executor-1.stderr={}", log.name,
                            log.path.string()));
  }
  return logs;
}

std::vector<TellingLine> mine_logs(const std::vector<LogFile>& logs, const SecretMask& secrets) {
  FailureMiner miner(secrets);
  for (const LogFile& log : logs) {
    std::error_code ignored;
    if (fs::is_regular_file(log.path, ignored)) miner.feed_file(log.name, log.path);
  }
  return miner.result();
}

Classification read_logs(Scan scan, const std::vector<LogFile>& logs) {
  const bool unnamed = logs.size() == 1 && !names_a_role(logs.front().name);
  for (const LogFile& log : logs) scan.feed_file(unnamed ? "" : log.name, log.path);
  Classification verdict = scan.result();
  if (unnamed) restore_name(verdict, logs.front().name);
  return verdict;
}

}  // namespace jobmedic::cli
