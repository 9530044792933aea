#include "cli/logs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "cli/arguments.hpp"
#include "core/glob.hpp"
#include "core/text.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::cli {
namespace {

namespace fs = std::filesystem;

// One argument, or several that are parts of one log.
LogSource source_of(const std::string& argument, std::vector<LogFile> files) {
  LogSource source;
  source.name = argument;
  source.files = std::move(files);
  source.required = true;
  return source;
}

LogFile log_at(const std::string& name, const std::string& path) {
  if (path == "-") return {name.empty() ? "-" : name, {"/dev/stdin"}};
  LogFile log = jobmedic::find_logs(fs::path(path)).front();
  if (!name.empty()) log.name = name;
  return log;
}

// A file whose own name holds '=' is taken as it is.
std::size_t name_end(const std::string& argument) {
  std::error_code ignored;
  return fs::exists(argument, ignored) ? std::string::npos : argument.find('=');
}

void refuse_equal_names(const std::vector<LogSource>& sources) {
  std::set<std::string_view> names;
  for (const LogSource& source : sources) {
    for (const LogFile& log : source.files) {
      if (names.insert(log.name).second) continue;
      throw Error(Status::invalid_argument,
                  fmt::format("two logs are named \"{}\": name one of them, as in executor-1.stderr={}", log.name,
                              log.parts.front().string()));
    }
  }
}

// Files that are parts of one log stand side by side, as a shell's * gives them.
void add_files(std::vector<fs::path>& files, std::vector<LogSource>& sources) {
  for (LogFile& log : jobmedic::find_logs(files)) {
    const std::string name = log.parts.back().string();
    sources.push_back(source_of(name, {std::move(log)}));
  }
  files.clear();
}

std::vector<LogSource> sources_of(const std::vector<std::string>& arguments) {
  std::vector<LogSource> sources;
  std::vector<fs::path> files;
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    const std::size_t equals = name_end(argument);
    if (equals == std::string::npos && argument != "-" && !fs::is_directory(argument, ignored)) {
      files.emplace_back(argument);
      continue;
    }
    add_files(files, sources);
    if (equals != std::string::npos) {
      const std::string name = valid_utf8(argument.substr(0, equals));
      sources.push_back(source_of(argument, {log_at(name, argument.substr(equals + 1))}));
    } else if (argument == "-") {
      sources.push_back(source_of("standard input", {log_at("", argument)}));
    } else {
      sources.push_back(source_of(argument, jobmedic::find_logs(fs::path(argument))));
    }
  }
  add_files(files, sources);
  return sources;
}

bool names_a_role(std::string_view name) {
  constexpr std::array streams{"?*.stdout",      "?*.stderr",   "scheduler.log",
                               "container*.log", "driver*.log", "executor*.log"};
  return name == event_log_name ||
         std::any_of(streams.begin(), streams.end(), [&](const char* glob) { return glob_matches(glob, name); });
}

// What was fed without a name gets it back in the document.
void restore_name(Classification& verdict, const std::string& name) {
  const auto restore = [&](std::string& log) {
    if (log.empty()) log = name;
  };
  if (verdict.evidence && verdict.evidence->line > 0) restore(verdict.evidence->log);
  for (RuleMatch& match : verdict.other_matches) {
    if (match.evidence.line > 0) restore(match.evidence.log);
  }
  for (std::string& log : verdict.logs) restore(log);
  for (SourceReport& source : verdict.sources) {
    for (std::string& log : source.logs) restore(log);
  }
}

}  // namespace

CLI::Option* add_collector(CLI::App* command, LogOptions& options) {
  return command
      ->add_option("--collector", options.collector,
                   "where the logs are (jobmedic.collector/1): files, globs, commands, event logs, work directories")
      ->type_name("FILE");
}

Logs find_logs(const LogOptions& options) {
  if (options.logs.empty() && options.collector.empty()) {
    throw CLI::RequiredError("a LOG or --collector");
  }
  std::vector<LogSource> sources = sources_of(options.logs);
  refuse_equal_names(sources);
  Logs logs;
  if (!options.collector.empty()) {
    const auto parse = [](const std::string& text) { return Collector::parse(text); };
    const Collector declared = read_as(options.collector, parse);
    sources.insert(sources.end(), declared.sources().begin(), declared.sources().end());
  } else if (sources.size() == 1 && sources[0].files.size() == 1 && !names_a_role(sources[0].files[0].name)) {
    logs.unnamed = std::exchange(sources[0].files[0].name, "");
  }
  logs.collector = Collector(std::move(sources));
  return logs;
}

Logs logs_at(const std::string& path) {
  return find_logs(LogOptions{{path}, ""});
}

std::vector<TellingLine> mine_logs(const Logs& logs, const Attempt* attempt, const SecretMask& secrets) {
  return mine(logs.collector, attempt, secrets);
}

Classification read_logs(Scan scan, const Logs& logs, const Attempt* attempt, RunFacts* facts) {
  Classification verdict = classify(logs.collector, std::move(scan), attempt, facts);
  if (!logs.unnamed.empty()) restore_name(verdict, logs.unnamed);
  return verdict;
}

}  // namespace jobmedic::cli
