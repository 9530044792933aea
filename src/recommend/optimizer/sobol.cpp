#include "recommend/optimizer/sobol.hpp"

#include <algorithm>
#include <iterator>

#include "core/random.hpp"
#include "recommend/optimizer/sobol_directions.hpp"

namespace jobmedic::optimizer {
namespace {

constexpr std::size_t bits = 32;

// The recurrence of Bratley and Fox (1988); dimension 0 is van der Corput's sequence.
std::vector<std::uint32_t> directions_of(std::size_t dimension) {
  std::vector<std::uint32_t> v(bits);
  if (dimension == 0) {
    for (std::size_t i = 0; i < bits; ++i) v[i] = 1U << (31 - i);
    return v;
  }
  const SobolDirections& row = sobol_directions[dimension - 1];
  const std::size_t s = row.degree;
  for (std::size_t i = 0; i < s; ++i) v[i] = row.first[i] << (31 - i);
  for (std::size_t i = s; i < bits; ++i) {
    v[i] = v[i - s] ^ (v[i - s] >> s);
    for (std::size_t k = 1; k < s; ++k) {
      if (((row.polynomial >> (s - 1 - k)) & 1U) != 0) v[i] ^= v[i - k];
    }
  }
  return v;
}

std::uint32_t combine(const std::vector<std::uint32_t>& directions, std::uint32_t index) {
  std::uint32_t x = 0;
  for (std::size_t bit = 0; index != 0; ++bit, index >>= 1U) {
    if ((index & 1U) != 0) x ^= directions[bit];
  }
  return x;
}

std::uint32_t reversed(std::uint32_t x) {
  x = ((x >> 1U) & 0x55555555U) | ((x & 0x55555555U) << 1U);
  x = ((x >> 2U) & 0x33333333U) | ((x & 0x33333333U) << 2U);
  x = ((x >> 4U) & 0x0F0F0F0FU) | ((x & 0x0F0F0F0FU) << 4U);
  x = ((x >> 8U) & 0x00FF00FFU) | ((x & 0x00FF00FFU) << 8U);
  return (x >> 16U) | (x << 16U);
}

// Laine and Karras (2011): each bit depends on the lower ones only; seen from the top that is a nested permutation.
std::uint32_t owen_scrambled(std::uint32_t x, std::uint32_t seed) {
  x = reversed(x);
  x += seed;
  x ^= x * 0x6C50B47CU;
  x ^= x * 0xB82F1E52U;
  x ^= x * 0xC7AFE638U;
  x ^= x * 0x8D22F6E6U;
  return reversed(x);
}

}  // namespace

Sobol::Sobol(std::size_t dimensions, std::uint64_t seed) {
  Random random(seed);
  for (std::size_t i = 0; i < dimensions; ++i) {
    if (i <= std::size(sobol_directions)) directions_.push_back(directions_of(i));
    seeds_.push_back(static_cast<std::uint32_t>(random.next() >> 32U));
  }
}

std::vector<double> Sobol::point(std::uint32_t index) const {
  std::vector<double> coordinates;
  coordinates.reserve(seeds_.size());
  for (std::size_t i = 0; i < seeds_.size(); ++i) {
    if (i < directions_.size()) {
      coordinates.push_back(owen_scrambled(combine(directions_[i], index), seeds_[i]) * 0x1p-32);
    } else {
      coordinates.push_back(Random(seeds_[i] * 0x100000001ULL + index).uniform());
    }
  }
  return coordinates;
}

std::uint32_t Sobol::unscrambled(std::size_t dimension, std::uint32_t index) {
  return combine(directions_of(dimension), index);
}

}  // namespace jobmedic::optimizer
