#pragma once
#include <cstddef>

/// What a hostile patch may cost. diff() keeps within these, so that what it gives can be applied.
namespace jobmedic {

constexpr std::size_t max_operations = 100'000;
/// Memory that `copy` operations may add together: fifty doublings would need more than any machine has.
constexpr std::size_t max_copied_bytes = std::size_t{64} << 20U;
/// Members and elements passed or shifted on the way, all operations together: about a second's work.
constexpr std::size_t max_steps = 100'000'000;

}  // namespace jobmedic
