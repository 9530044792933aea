#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace jobmedic::optimizer {

/// Points that fill the unit cube evenly (Sobol 1967), Owen-scrambled by hashing (Burley 2020): each seed gives another
/// set as even as the first. Dimensions beyond the table of direction numbers are plain random.
class Sobol {
 public:
  Sobol(std::size_t dimensions, std::uint64_t seed);
  /// Point `index` of the sequence, coordinates in [0, 1).
  [[nodiscard]] std::vector<double> point(std::uint32_t index) const;
  /// The same coordinate before scrambling, as a fraction of 2^32: for comparison with published values.
  [[nodiscard]] static std::uint32_t unscrambled(std::size_t dimension, std::uint32_t index);

 private:
  std::vector<std::vector<std::uint32_t>> directions_;  // per dimension, one per bit of the index
  std::vector<std::uint32_t> seeds_;
};

}  // namespace jobmedic::optimizer
