#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "jobmedic/attempt.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

std::optional<std::string> read_remediation(Connection& connection, std::string_view job, std::string_view run,
                                            std::int64_t attempt);
void write_remediation(Connection& connection, std::string_view job, std::string_view run, std::int64_t attempt,
                       std::string_view document);
/// Store::job_record.
int count_patched_failures(Connection& connection, const Attempt& attempt);
int count_retries(Connection& connection, std::string_view job, TimePoint since);
/// Those after row `after`, at most `limit`; moves `after` on.
std::vector<std::string> read_remediations(Connection& connection, std::int64_t& after, std::int64_t limit);

}  // namespace jobmedic::sql
