#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "store/sqlite/connection.hpp"

namespace jobmedic::sqlite {

std::optional<std::string> read_remediation(Connection& connection, std::string_view job, std::string_view run,
                                            std::int64_t attempt);
void write_remediation(Connection& connection, std::string_view job, std::string_view run, std::int64_t attempt,
                       std::string_view document);

}  // namespace jobmedic::sqlite
