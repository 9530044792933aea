#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"
#include "jobmedic/templates.hpp"

/// Where the logs of a failure are, and how they get into a scan: the document jobmedic.collector/1.
///
/// gzip and zstd are recognised by their first bytes and read with constant memory, rotated parts as the one log they
/// are, Spark event logs as what they say about the failure. Logs are named ROLE[-N].STREAM: "driver.stderr",
/// "executor-3.stdout", "container-2.log", and "driver.eventlog" for what an event log says.
namespace jobmedic {

/// The log that a Spark event log becomes: the texts of the failures that ended the application, as the driver would
/// have logged them. What Spark recovered from is not in it.
inline constexpr const char* event_log_name = "driver.eventlog";

/// One log in one or more files.
struct LogFile {
  std::string name;
  std::vector<std::filesystem::path> parts;  ///< from the oldest to the newest
};

/// The logs at a path: one file; or a folder of logs, a Spark standalone work directory, one application's or driver's
/// folder in it, YARN's container logs, a rolled event log (eventlog_v2_*). In a folder hidden files and documents
/// (*.json) are left out. Throws Error (io): nothing there.
std::vector<LogFile> find_logs(const std::filesystem::path& path);
/// Files as logs: those that are parts of one log by their names, and lie in one folder, are one. Throws Error (io).
std::vector<LogFile> find_logs(const std::vector<std::filesystem::path>& files);

struct LogSource {
  enum class Kind { file, glob, command, event_log, work_directory };
  std::string name;  ///< what reports call it; unique in a collector
  Kind kind = Kind::file;
  /// The log's name where the source is one log. Empty: a file's own name, "driver.eventlog", a command's "NAME.log".
  std::string log;
  /// file: a file, which stands for all parts of its log, or a folder; glob: a pattern as of glob(7); event_log: a file
  /// or a rolled log's folder; work_directory: a folder. `{job}`, `{run}`, `{attempt}`, `{engine}`, `{NAME}` (the label
  /// NAME) and `{labels.NAME}` are filled in from the attempt; "{{" and "}}" are braces.
  std::string path;
  /// command: program and arguments, each with placeholders as above. There is no shell: an argument stays one
  /// argument, and a value cannot become an option.
  std::vector<std::string> command;
  /// Of each log no more than this many bytes are read, decompressed: its newest part. 0: all. What comes through a
  /// pipe cannot be read from its end: there the limit's last 8 MiB, or its half where that is less, are the newest
  /// bytes.
  std::uint64_t limit_bytes = 0;
  /// The source is left after this time, with what it gave until then; a command's processes are killed. 0: no limit
  /// for files; 120 s for a command.
  double timeout_s = 0;
  bool required = false;         ///< collect() fails where it cannot be read
  std::vector<LogFile> files{};  ///< known already: then `path` is not looked at
};

/// What an event log says about a run beside its failure.
struct RunFacts {
  std::map<std::string, double> metrics;      ///< named as in jobmedic.attempt/1
  std::map<std::string, std::string> config;  ///< spark.* as submitted
  std::string started_at;                     ///< RFC 3339 UTC; empty: unknown
  double duration_s = 0;                      ///< 0: unknown
};

struct Collected {
  std::vector<SourceReport> sources;  ///< in the order declared
  RunFacts facts;
  std::vector<std::string> notes;  ///< for people: failures that an event log tells and the application survived
};

/// `attempt` with what it lacks: its own members stay as they are.
Attempt with_facts(Attempt attempt, const RunFacts& facts);

/// An ordered list of sources. A value; safe to use from any number of threads at once.
class Collector {
 public:
  Collector() = default;
  /// Throws Error (invalid_argument): two sources of one name.
  explicit Collector(std::vector<LogSource> sources);
  /// {"schema": "jobmedic.collector/1", "sources": [{"name": "yarn", "kind": "command", "command": ["yarn", "logs",
  /// "-applicationId", "{application_id}"], "log": "container.log", "limit_bytes": 67108864, "timeout_s": 60,
  /// "required": false}, {"name": "events", "kind": "event_log", "path": "/spark-events/{application_id}"}, ...]}
  /// Relative paths are relative to the working directory. Throws Error: parse, schema (pointer).
  static Collector parse(std::string_view json);

  using Sink = std::function<void(std::string_view log, std::string_view piece)>;
  /// Reads every source in order and gives its logs to `sink` in pieces; an empty log as one empty piece. A source that
  /// cannot be read is reported, not thrown. A log whose name another source took becomes "driver.2.stderr".
  /// Throws Error (io): a required source, or every one, could not be read; and what `sink` throws.
  Collected collect(const Attempt* attempt, const Sink& sink) const;

  [[nodiscard]] const std::vector<LogSource>& sources() const noexcept { return sources_; }

 private:
  std::vector<LogSource> sources_;
};

/// Collects into `scan`: its verdict, with the sources in it.
Classification classify(const Collector& collector, Scan scan, const Attempt* attempt, RunFacts* facts = nullptr);

/// What the logs say themselves, for a failure that no rule knew: read once more, but for commands and pipes, which can
/// be read only once. Sources that cannot be read are left out.
std::vector<TellingLine> mine(const Collector& collector, const Attempt* attempt, const SecretMask& secrets);

}  // namespace jobmedic
