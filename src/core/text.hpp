#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobmedic {

/// Where the first byte stands that is not part of well-formed UTF-8; none: all is.
std::optional<std::size_t> invalid_utf8(std::string_view bytes);
/// Valid UTF-8 of at most `limit` bytes, cut between code points; each invalid byte becomes U+FFFD.
std::string valid_utf8(std::string_view bytes, std::size_t limit = std::string_view::npos);
/// valid_utf8 with line breaks and other control characters replaced by spaces.
std::string one_line(std::string_view bytes);
/// "1.2 MB", "812 B": for people, powers of 1000.
std::string human_bytes(std::uint64_t bytes);
/// `parts` with `separator` between.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace jobmedic
