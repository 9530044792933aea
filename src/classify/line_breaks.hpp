#pragma once
#include <bit>
#include <cstdint>
#include <string_view>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace jobmedic::classify {

/// Calls visit(offset) for each such byte. Lines are short, so sixteen bytes at once beat a call of memchr per line.
template <typename Visit>
void each_place_of(char byte, std::string_view text, Visit visit) {
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i wanted = _mm_set1_epi8(byte);
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    auto found = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)));
    for (; found != 0; found &= found - 1) visit(at + static_cast<std::size_t>(std::countr_zero(found)));
  }
#endif
  for (; at < text.size(); ++at) {
    if (text[at] == byte) visit(at);
  }
}

template <typename Visit>
void each_line_break(std::string_view text, Visit visit) {
  each_place_of('\n', text, visit);
}

}  // namespace jobmedic::classify
