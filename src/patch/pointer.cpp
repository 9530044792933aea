#include "patch/pointer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "json/reader.hpp"

namespace jobmedic {
namespace {

std::optional<std::string> unescape(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      text += token[i];
      continue;
    }
    ++i;
    if (i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
    text += token[i] == '0' ? '~' : '/';
  }
  return text;
}

}  // namespace

std::optional<Pointer> Pointer::parse(std::string_view text) {
  Pointer pointer;
  while (!text.empty()) {
    if (text.front() != '/') return std::nullopt;
    text.remove_prefix(1);
    const std::size_t end = std::min(text.find('/'), text.size());
    auto token = unescape(text.substr(0, end));
    if (!token) return std::nullopt;
    pointer.tokens.push_back(std::move(*token));
    text.remove_prefix(end);
  }
  return pointer;
}

std::string Pointer::text(std::size_t count) const {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += '/' + json::escape_pointer_token(tokens[i]);
  return text;
}

bool Pointer::encloses(const Pointer& other) const {
  return tokens.size() < other.tokens.size() && std::equal(tokens.begin(), tokens.end(), other.tokens.begin());
}

std::optional<std::size_t> array_index(std::string_view token) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (token.empty() || !std::all_of(token.begin(), token.end(), is_digit)) return std::nullopt;
  if (token.front() == '0' && token.size() > 1) return std::nullopt;
  std::size_t index = 0;
  const auto [end, code] = std::from_chars(token.data(), token.data() + token.size(), index);
  return code == std::errc() ? index : std::numeric_limits<std::size_t>::max();
}

}  // namespace jobmedic
