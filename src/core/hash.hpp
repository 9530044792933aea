#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace jobmedic {

/// XXH3 (Collet), stable across machines and versions: feature hashing and finding damage, not security.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0) noexcept;
/// The 128-bit variant as 32 hexadecimal digits.
std::string hash128_hex(std::string_view bytes);
/// Evenly spread bits as a number of [0, 1), the same on every machine.
constexpr double unit_number(std::uint64_t bits) noexcept {
  return static_cast<double>(bits >> 11U) * 0x1p-53;
}

}  // namespace jobmedic
