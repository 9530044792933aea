#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace jobmedic::classify {

/// The regex as Hyperscan gets it: it matches somewhere within each match of the regex in any window of lines, and
/// maybe elsewhere. Where it can it is a part of what follows \K (telling_part.hpp), else all of it. Assertions that
/// depend on where a window begins or ends (\A \z \Z \G \b \B) and \K are left out, since Hyperscan sees a longer text
/// than PCRE2. None where that cannot be done, or would be too large for libhs; then PCRE2 alone decides.
std::optional<std::string> filter_expression(std::string_view regex, std::string_view flags);

}  // namespace jobmedic::classify
