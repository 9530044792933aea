#pragma once
#include <bit>
#include <cstdint>
#include <string_view>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace jobmedic::classify {

/// Calls visit(offset) for each '\n'. Lines are short, so sixteen bytes at once beat a call of memchr per line.
template <typename Visit>
void each_line_break(std::string_view text, Visit visit) {
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i wanted = _mm_set1_epi8('\n');
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    auto found = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)));
    for (; found != 0; found &= found - 1) visit(at + static_cast<std::size_t>(std::countr_zero(found)));
  }
#endif
  for (; at < text.size(); ++at) {
    if (text[at] == '\n') visit(at);
  }
}

/// Copies the text up to the first of both bytes, and returns that length. `out` has room for the whole text: more than
/// what counts may be written there.
inline std::size_t copy_until(char byte, char other, std::string_view text, char* out) {
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i wanted = _mm_set1_epi8(byte);
  const __m128i wanted_too = _mm_set1_epi8(other);
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + at), bytes);
    const __m128i equal = _mm_or_si128(_mm_cmpeq_epi8(bytes, wanted), _mm_cmpeq_epi8(bytes, wanted_too));
    const auto found = static_cast<std::uint32_t>(_mm_movemask_epi8(equal));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
#endif
  for (; at < text.size() && text[at] != byte && text[at] != other; ++at) out[at] = text[at];
  return at;
}

}  // namespace jobmedic::classify
