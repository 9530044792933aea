#include "classify/evidence.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace jobmedic::classify {
namespace {

constexpr std::size_t shown_before = 512;

bool continues_code_point(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::vector<SecretSpan> secrets_in(const Window& window, const SecretMask& mask) {
  std::vector<SecretSpan> secrets = mask.find(window.text);
  if (window.begins_line || !mask.masks_anything()) return secrets;
  constexpr std::size_t longest_rest = 4096;
  const std::size_t stop = window.text.substr(0, longest_rest).find_first_of(" \t\n\"'`,;&<>");
  const std::size_t rest = stop == std::string_view::npos ? std::min(window.text.size(), longest_rest) : stop;
  std::erase_if(secrets, [&](const SecretSpan& span) { return span.end <= rest; });
  if (!secrets.empty() && secrets.front().begin < rest) {
    secrets.front().begin = 0;
  } else if (rest > 0) {
    secrets.insert(secrets.begin(), {0, rest, "cut"});
  }
  return secrets;
}

std::string capture_text(const Window& window, std::size_t begin, std::size_t end,
                         const std::vector<SecretSpan>& secrets) {
  return valid_utf8(masked_part(window.text, begin, end, secrets), longest_capture);
}

std::string evidence_text(const Window& window, const RegexMatch& match, const std::vector<SecretSpan>& secrets) {
  const std::string_view text = window.text;
  const std::size_t newline = text.find('\n', std::max(match.kept, match.end == 0 ? 0 : match.end - 1));
  const std::size_t end = std::min(newline, text.size());
  std::size_t begin = match.kept == 0 ? 0 : text.rfind('\n', match.kept - 1) + 1;  // npos + 1 is 0
  if (end - begin > longest_evidence && match.kept - begin > shown_before) begin = match.kept - shown_before;
  // Not inside a code point: valid UTF-8 has at most three continuation bytes.
  for (int i = 0; i < 3 && begin > 0 && begin < match.kept && continues_code_point(text[begin]); ++i) ++begin;
  return valid_utf8(masked_part(text, begin, end, secrets), longest_evidence);
}

}  // namespace jobmedic::classify
