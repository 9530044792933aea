#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace jobmedic::classify {

/// A simpler regex, mostly literals, that matches somewhere within each match of `regex`: of every alternative the
/// longest run of literals, where that tells enough; else the longest stretch between open-ended repeats, or all
/// stretches where none alone tells enough ("object .* not found"). A pack of such compiles in a fraction of the time
/// and scans many times faster; PCRE2 decides in the end anyway. None where the regex has no such part, or uses what
/// this does not follow (back references, settings inside, \Q...\E).
std::optional<std::string> telling_part(std::string_view regex);

}  // namespace jobmedic::classify
