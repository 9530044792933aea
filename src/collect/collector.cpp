#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "collect/find.hpp"
#include "collect/source_reader.hpp"
#include "jobmedic/collect.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

[[noreturn]] void none_could_be_read(const std::vector<SourceReport>& reports) {
  std::string problems;
  for (const SourceReport& report : reports) {
    problems += fmt::format("{}{}: {}", problems.empty() ? "" : "; ", report.name, report.error);
  }
  throw Error(Status::io, reports.size() == 1
                              ? problems
                              : fmt::format("none of {} sources could be read: {}", reports.size(), problems));
}

void add_facts(RunFacts& known, RunFacts&& more) {
  known.metrics.merge(more.metrics);
  known.config.merge(more.config);
  if (known.started_at.empty()) known.started_at = std::move(more.started_at);
  if (known.duration_s == 0) known.duration_s = more.duration_s;
}

}  // namespace

std::vector<LogFile> find_logs(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) ? collect::logs_of_folder(path) : collect::logs_of_file(path);
}

std::vector<LogFile> find_logs(const std::vector<std::filesystem::path>& files) {
  for (const auto& file : files) static_cast<void>(collect::logs_of_file(file));
  return collect::group_parts(files);
}

Collector::Collector(std::vector<LogSource> sources) : sources_(std::move(sources)) {
  std::set<std::string_view> names;
  for (const LogSource& source : sources_) {
    if (names.insert(source.name).second) continue;
    throw Error(Status::invalid_argument, fmt::format("two sources are named \"{}\"", source.name));
  }
}

Collected Collector::collect(const Attempt* attempt, const Sink& sink) const {
  Collected all;
  collect::Names names;
  for (const LogSource& source : sources_) {
    collect::SourceResult result = collect::read_source(source, attempt, names, sink);
    if (source.required && result.report.status == "failed") {
      const std::string& problem = result.report.error;
      const bool names_itself = problem.starts_with(source.name);
      throw Error(Status::io,
                  names_itself ? problem : fmt::format("source \"{}\" is required: {}", source.name, problem),
                  result.error_detail);
    }
    all.sources.push_back(std::move(result.report));
    add_facts(all.facts, std::move(result.facts));
    all.notes.insert(all.notes.end(), result.notes.begin(), result.notes.end());
  }
  const bool some = std::any_of(all.sources.begin(), all.sources.end(),
                                [](const SourceReport& report) { return report.status != "failed"; });
  if (!some && !all.sources.empty()) none_could_be_read(all.sources);
  return all;
}

Attempt with_facts(Attempt attempt, const RunFacts& facts) {
  for (const auto& [name, value] : facts.metrics) attempt.metrics.emplace(name, value);
  json::Value config = json::parse(attempt.config);
  for (const auto& [name, value] : facts.config) {
    if (config.find(name) == nullptr) config.as<json::Object>()->emplace_back(name, value);
  }
  attempt.config = json::write(config);
  if (attempt.started_at.empty()) attempt.started_at = facts.started_at;
  if (!attempt.duration_s && facts.duration_s > 0) attempt.duration_s = facts.duration_s;
  return attempt;
}

Classification classify(const Collector& collector, Scan scan, const Attempt* attempt, RunFacts* facts) {
  Collected collected =
      collector.collect(attempt, [&](std::string_view log, std::string_view piece) { scan.feed(log, piece); });
  Classification verdict = scan.result();
  verdict.sources = std::move(collected.sources);
  verdict.notes.insert(verdict.notes.end(), collected.notes.begin(), collected.notes.end());
  if (facts != nullptr) *facts = std::move(collected.facts);
  return verdict;
}

}  // namespace jobmedic
