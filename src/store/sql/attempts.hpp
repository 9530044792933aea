#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// Store::record within a transaction.
bool write_attempt(Connection& connection, const Attempt& attempt);
/// Was an outcome recorded for this attempt?
bool has_ended(Connection& connection, const Attempt& attempt);

std::optional<Attempt> read_attempt(Connection& connection, std::string_view job, std::string_view run,
                                    std::int64_t attempt);
std::optional<Attempt> read_last_attempt(Connection& connection, std::string_view job);
std::vector<Attempt> read_recent_attempts(Connection& connection, std::string_view job, std::size_t limit);

/// Where a reader that goes job by job is: after this record of the job.
struct JobPlace {
  std::string job;
  std::int64_t recorded = 0;
};
std::vector<Attempt> read_job_page(Connection& connection, JobPlace& after, std::int64_t limit);

/// The attempts after row `after`, at most `limit`; moves `after` on.
std::vector<Attempt> read_page(Connection& connection, std::int64_t& after, std::int64_t limit);

}  // namespace jobmedic::sql
