#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace jobmedic::collect {

/// What a file's name says: "driver.stderr.2.gz" is the part numbered 2 of "driver.stderr". Read are
///   NAME.N                    logrotate, log4j: the larger, the older
///   NAME.2026-11-21[-03][.N]  logback, log4j 2, logrotate's dateext (also NAME-20261121): within a day the larger N is
///   newer NAME--2026-11-21--03-12   Spark's rolled executor logs
/// each with .gz, .zst or another compressor's suffix, where NAME is stdout, stderr, syslog or ends in .log, .out,
/// .err, .stdout, .stderr, .txt. Any other name is a log of its own.
struct PartName {
  std::string log;          ///< without what tells the parts apart
  std::string date;         ///< its digits; empty: none
  std::int64_t number = 0;  ///< 0: none
  bool compressed = false;  ///< by its suffix
};
PartName parse_part_name(std::string_view file);

/// Was the part written before the other part of the same log?
bool is_older(const PartName& a, const PartName& b);

}  // namespace jobmedic::collect
