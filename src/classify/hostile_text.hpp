#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace jobmedic::classify {

/// A text that a regex may try in vain at great length: `head`, then `pump` again and again, then a byte that fits
/// nothing.
struct HostileText {
  std::string head;
  std::string pump;
  /// At least `size` bytes.
  [[nodiscard]] std::string of_size(std::size_t size) const;
};

/// Made from the regex: for each of its open-ended repeats what leads there, pumped with what is repeated and with what
/// would come next. Best effort over PCRE's ordinary syntax: what is not understood only gives fewer texts.
std::vector<HostileText> hostile_texts(std::string_view regex);

}  // namespace jobmedic::classify
