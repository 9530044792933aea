#pragma once
#include <string_view>

namespace jobmedic {

/// Does `text` match `pattern` as a whole? `*` is any run of bytes but '/', `?` any one byte but '/'; all else is
/// literal. Linear in pattern times text.
bool glob_matches(std::string_view pattern, std::string_view text) noexcept;

}  // namespace jobmedic
