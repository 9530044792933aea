#include "core/glob.hpp"

namespace jobmedic {

bool glob_matches(std::string_view pattern, std::string_view text) noexcept {
  // Only the last star is ever retried: an earlier one matched as little as it could already.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && ((pattern[p] == '?' && text[t] != '/') || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos && text[star_text] != '/') {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace jobmedic
