#include <algorithm>
#include <system_error>

#include "jobmedic/collect.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic {
namespace {

bool can_be_read_again(const LogSource& source) {
  if (source.kind == LogSource::Kind::command) return false;
  return std::all_of(source.files.begin(), source.files.end(), [](const LogFile& log) {
    return std::all_of(log.parts.begin(), log.parts.end(), [](const std::filesystem::path& part) {
      std::error_code ignored;
      return std::filesystem::is_regular_file(part, ignored);
    });
  });
}

}  // namespace

std::vector<TellingLine> mine(const Collector& collector, const Attempt* attempt, const SecretMask& secrets) {
  std::vector<LogSource> sources;
  for (const LogSource& source : collector.sources()) {
    if (!can_be_read_again(source)) continue;
    sources.push_back(source);
    sources.back().required = false;
  }
  FailureMiner miner(secrets);
  try {
    Collector(std::move(sources)).collect(attempt, [&](std::string_view log, std::string_view piece) {
      miner.feed(log, piece);
    });
  } catch (const Error& error) {
    if (error.status() != Status::io) throw;  // none of them could be read
  }
  return miner.result();
}

}  // namespace jobmedic
