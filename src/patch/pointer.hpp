#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobmedic {

/// A JSON Pointer (RFC 6901), unescaped.
struct Pointer {
  std::vector<std::string> tokens;

  /// None where the text is no pointer: no leading '/', or '~' followed by other than '0' and '1'.
  static std::optional<Pointer> parse(std::string_view text);

  /// The pointer to what the first `count` tokens lead to, escaped.
  [[nodiscard]] std::string text(std::size_t count) const;
  [[nodiscard]] std::string text() const { return text(tokens.size()); }
  /// Does `other` lead into what this points at?
  [[nodiscard]] bool encloses(const Pointer& other) const;
};

/// The index a token names: decimal digits without sign, exponent or leading zero. Beyond all arrays where it is larger
/// than any size.
std::optional<std::size_t> array_index(std::string_view token);

}  // namespace jobmedic
