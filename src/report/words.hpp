#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "jobmedic/report.hpp"

/// Figures as a reader of the page meets them. No line breaks before a "%".
namespace jobmedic::reported {

/// "12,345"
std::string number(std::uint64_t count);
/// "1 job", "12,345 jobs"
std::string count_of(std::uint64_t count, std::string_view one, std::string_view many = "");
/// "$1,240", "$3.10", "$0.00043"; below zero with a minus sign.
std::string dollars(double usd);
/// "63 %", "0.4 %"
std::string percent(double share);
/// "56 % (52 to 60 %)"; where there are too few to tell: "3 of 4".
std::string share_words(const Share& share);
/// "95 % interval 52 to 60 %, 230 of 412, 31 jobs"
std::string share_ground(const Share& share);
/// "2026-11-21", "2026-11-21 03:12 UTC"
std::string day(std::string_view time);
std::string minute(std::string_view time);
/// A name or line of a store: at most so many characters, the rest is "...".
std::string cut(std::string_view text, std::size_t characters = 120);
/// "memory_config" as "memory config"; "unclassified" where it is empty; cut.
std::string category_words(const std::string& category);

}  // namespace jobmedic::reported
