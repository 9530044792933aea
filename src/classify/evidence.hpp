#pragma once
#include <string>

#include "classify/regex.hpp"

namespace jobmedic::classify {

constexpr std::size_t longest_evidence = 2048;

/// The lines of the window that the match touches, as valid UTF-8; of long ones what lies around its beginning.
std::string evidence_text(const Window& window, const RegexMatch& match);

}  // namespace jobmedic::classify
