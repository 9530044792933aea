#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <span>

/// Written so that the compiler makes vector code of it, on any processor.
namespace jobmedic::model {

// In as many sums as fit into a vector register: one alone would have to be added up in order, one by one.
inline float dot(const float* a, const float* b, std::size_t size) {
  constexpr std::size_t lanes = 8;
  std::array<float, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (; i < size; ++i) sums[0] += a[i] * b[i];
  return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

// The first `count` columns of a matrix of `rows` rows, `width` wide, become rows of one that is `to_width` wide.
inline void transpose(const float* from, std::size_t rows, std::size_t width, std::size_t count, float* to,
                      std::size_t to_width) {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < count; ++column) to[column * to_width + row] = from[row * width + column];
  }
}

constexpr std::size_t multiplied_at_once = 16;  // sums held in vector registers

// sums += matrix * inputs; the matrix input by input, each as long as the sums.
inline void multiply(const float* matrix, std::span<const float> inputs, std::span<float> sums) {
  std::size_t begin = 0;
  for (; begin + multiplied_at_once <= sums.size(); begin += multiplied_at_once) {
    std::array<float, multiplied_at_once> held;
    std::copy_n(sums.data() + begin, multiplied_at_once, held.data());
    const float* row = matrix + begin;
    for (const float input : inputs) {
      for (std::size_t i = 0; i < multiplied_at_once; ++i) held[i] += row[i] * input;
      row += sums.size();
    }
    std::copy_n(held.data(), multiplied_at_once, sums.data() + begin);
  }
  if (begin == sums.size()) return;
  for (const float input : inputs) {
    for (std::size_t i = begin; i < sums.size(); ++i) sums[i] += matrix[i] * input;
    matrix += sums.size();
  }
}

// e to the power of x, for |x| <= 40, within 4e-7 of it; unlike std::exp the compiler makes vector code of it.
inline float exponential(float x) {
  const float octaves = x * std::numbers::log2e_v<float>;
  constexpr float rounder = 12582912;  // 1.5 * 2^23: what is added to it loses its fraction
  const float whole = (octaves + rounder) - rounder;
  const float t = (octaves - whole) * std::numbers::ln2_v<float>;  // the Taylor series is enough for |t| <= 0.35
  const float power =
      1 + t * (1 + t * (1 / 2.0F + t * (1 / 6.0F + t * (1 / 24.0F + t * (1 / 120.0F + t * (1 / 720.0F))))));
  return power * std::bit_cast<float>((static_cast<std::int32_t>(whole) + 127) << 23);
}

inline float hyperbolic_tangent(float x) {
  constexpr float flat = 10;  // from here on it is 1 to the last bit
  const float bounded = x < flat ? (x > -flat ? x : -flat) : flat;
  const float tangent = 1 - 2 / (exponential(2 * bounded) + 1);
  return std::isnan(x) ? x : tangent;
}

}  // namespace jobmedic::model
