#pragma once
#include "core/random.hpp"
#include "store/postgresql/deadline.hpp"

namespace jobmedic::postgresql {

/// Waits between tries: longer from try to try, at random, so that those who were in each other's way part.
class Backoff {
 public:
  /// False at the deadline.
  bool wait(const Deadline& deadline);

 private:
  Random random_{seed()};
  int tries_ = 0;

  static std::uint64_t seed();
};

}  // namespace jobmedic::postgresql
