#pragma once
#include <algorithm>
#include <string_view>

namespace jobmedic::classify {

/// Behind the character class of a regex that begins at `at`.
inline std::size_t class_end(std::string_view regex, std::size_t at) {
  at += regex.substr(at).starts_with("[^") ? 2 : 1;
  if (regex.substr(at).starts_with(']')) ++at;  // one that comes first is of the class
  while (at < regex.size() && regex[at] != ']') at += regex[at] == '\\' ? 2 : 1;
  return std::min(at + 1, regex.size());
}

}  // namespace jobmedic::classify
