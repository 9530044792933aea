#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/frames.hpp"
#include "jobmedic/classify.hpp"

/// What classify() must answer, written as plainly as it can be: every rule over every line with PCRE2, nothing shared
/// with src/classify but the definition in rows.hpp and log_scanner.hpp.
namespace naive {

struct Match {
  std::size_t log = 0;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  bool operator==(const Match&) const = default;
};

/// The rule's first match in these logs, by its regex and the logs' names alone. `begins`: where a match may begin in
/// each, without the bytes that are no part of a line.
std::optional<Match> first_match(const jobmedic::Rule& rule, std::span<const jobmedic::Log> logs,
                                 std::span<const std::size_t> begins = {});

/// Where the last row of each log begins that shows that the job went on; before it no frame counts.
std::vector<std::size_t> where_jobs_went_on(const jobmedic::classify::RunnableRules& rules,
                                            std::span<const jobmedic::Log> logs);

/// What the engine runs, each as a rule without frames.
std::vector<jobmedic::Rule> plain_rules(const jobmedic::classify::RunnableRules& rules);

}  // namespace naive
