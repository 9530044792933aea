#pragma once
#include <string>
#include <vector>

#include "classify/regex.hpp"
#include "jobmedic/secrets.hpp"

namespace jobmedic::classify {

constexpr std::size_t longest_evidence = 2048;
constexpr std::size_t longest_capture = 1024;

/// The secrets of a window. Where it begins inside a line, its first word may be the rest of one and counts as one.
std::vector<SecretSpan> secrets_in(const Window& window, const SecretMask& mask);

/// The lines of the window that the match touches, as valid UTF-8; of long ones what lies around its beginning.
/// Masked before they are cut, so that no half of a secret is shown.
std::string evidence_text(const Window& window, const RegexMatch& match, const std::vector<SecretSpan>& secrets);
std::string capture_text(const Window& window, std::size_t begin, std::size_t end,
                         const std::vector<SecretSpan>& secrets);

}  // namespace jobmedic::classify
