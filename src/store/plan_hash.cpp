#include <algorithm>

#include "core/hash.hpp"
#include "jobmedic/stored_patch.hpp"

namespace jobmedic {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Bytes beyond ASCII belong to words: a plan's names may be in any script.
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) > 127;
}

}  // namespace

std::string plan_hash(std::string_view plan) {
  if (plan.empty()) return "";
  std::string definition;
  for (std::size_t begin = 0; begin < plan.size();) {
    if (!is_word(plan[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < plan.size() && is_word(plan[end])) ++end;
    const std::string_view word = plan.substr(begin, end - begin);
    if (std::none_of(word.begin(), word.end(), is_digit)) definition.append(word) += ' ';
    begin = end;
  }
  return hash128_hex(definition);
}

}  // namespace jobmedic
