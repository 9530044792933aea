#include "logs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>

#include "arguments.hpp"
#include "core/text.hpp"

namespace jobmedic::capi {
namespace {

std::filesystem::path path_of(const std::string& argument, std::string_view text) {
  if (text.empty()) refuse(argument, "neither bytes nor a path");
  if (text.find('\0') != std::string_view::npos) refuse(argument, "the path holds a NUL byte");
  return text;
}

// Decompressed where it is compressed. What is wrong with it, if anything is.
std::vector<SourceReport> read_file(const std::string& name, const std::filesystem::path& path, Scan& scan) {
  LogSource source;
  source.name = path.string();
  source.log = name;
  source.files = {{name, {path}}};
  source.required = true;
  Collected read = Collector({std::move(source)}).collect(nullptr, [&](std::string_view log, std::string_view piece) {
    scan.feed(log, piece);
  });
  std::erase_if(read.sources, [](const SourceReport& report) { return report.status == "read"; });
  return std::move(read.sources);
}

}  // namespace

Logs::Logs(const jobmedic_log* logs, std::size_t count, std::size_t stride) {
  if (count == 0) return;
  require("logs", logs);
  if (stride < sizeof(jobmedic_log)) {
    refuse("log_stride", fmt::format("{} is less than sizeof(jobmedic_log), {}", stride, sizeof(jobmedic_log)));
  }
  if (count > PTRDIFF_MAX / stride) refuse("log_count", fmt::format("{} is more than memory can hold", count));

  for (std::size_t i = 0; i < count; ++i) {
    jobmedic_log log;  // copied, since a stride may leave elements unaligned
    std::memcpy(&log, reinterpret_cast<const char*>(logs) + i * stride, sizeof log);
    const std::string argument = fmt::format("logs[{}]", i);
    const std::string_view name = bytes(argument + ".name", log.name, log.name_size);
    const std::string_view data = bytes(argument + ".data", log.data, log.data_size);
    const std::string_view path = bytes(argument + ".path", log.path, log.path_size);
    if (log.data != nullptr && log.path != nullptr) refuse(argument, "has both data and a path");
    if (log.data != nullptr) {
      sources_.push_back({valid_utf8(name), data, {}});
      continue;
    }
    const bool named = log.path != nullptr && !name.empty();
    std::filesystem::path file = path_of(argument, log.path != nullptr ? path : name);
    sources_.push_back({valid_utf8(named ? name : file.filename().native()), {}, std::move(file)});
  }
}

bool Logs::all_bytes() const {
  return std::all_of(sources_.begin(), sources_.end(), [](const Source& source) { return source.path.empty(); });
}

std::vector<Log> Logs::blocks() const {
  std::vector<Log> logs;
  for (const Source& source : sources_) logs.push_back({source.name, source.data});
  return logs;
}

Classification Logs::classify_in_pieces(const Engine& engine, const Attempt* attempt) const {
  return engine.classify(attempt, [&](Scan& scan) { return feed(scan); });
}

Classification Logs::feed(Scan& scan) const {
  std::set<std::string_view> names;
  std::vector<SourceReport> reports;
  for (const Source& source : sources_) {
    // Pieces are told apart by name alone: two logs of one name would become one log with wrong line numbers.
    if (!names.insert(source.name).second) {
      refuse("logs", fmt::format("two are named \"{}\": name each as ROLE-N.STREAM", source.name));
    }
    if (source.path.empty()) {
      scan.feed(source.name, source.data);
      continue;
    }
    for (SourceReport& report : read_file(source.name, source.path, scan)) reports.push_back(std::move(report));
  }
  Classification verdict = scan.result();
  verdict.sources = std::move(reports);
  return verdict;
}

std::vector<TellingLine> Logs::telling_lines(const SecretMask& secrets) const {
  FailureMiner miner(secrets);
  for (const Source& source : sources_) {
    if (source.path.empty()) {
      miner.feed(source.name, source.data);
    } else if (std::filesystem::is_regular_file(source.path)) {  // a pipe was read to its end already
      miner.feed_file(source.name, source.path);
    }
  }
  return miner.result();
}

Classification Logs::classify(const Engine& engine, const Attempt* attempt) const {
  if (sources_.empty() && engine.collects()) return engine.collect(attempt).classification;
  return all_bytes() ? engine.classify(blocks(), attempt) : classify_in_pieces(engine, attempt);
}

std::string Logs::remediate(Engine& engine, const Attempt& failed) const {
  if (sources_.empty() && engine.collects()) return engine.remediate(failed);
  return all_bytes() ? engine.remediate(failed, blocks())
                     : engine.remediate(failed, classify_in_pieces(engine, &failed),
                                        [&] { return telling_lines(engine.secrets()); });
}

}  // namespace jobmedic::capi
