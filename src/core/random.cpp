#include "core/random.hpp"

#include <cmath>
#include <numbers>

namespace jobmedic {

double Random::normal() {  // Box and Muller 1958; 1 - u is never 0
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

}  // namespace jobmedic
