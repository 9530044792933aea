#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "jobmedic/store.hpp"
#include "scratch.hpp"

/// What can be changed in a store, one change after the other. Each is one transaction, so that a store holds exactly
/// what the first so many of them make: what was acknowledged is all there, once, and what was not is there whole or
/// not at all.
class Workload {
 public:
  explicit Workload(std::size_t steps);

  [[nodiscard]] std::size_t size() const { return states_.size() - 1; }
  static void step(jobmedic::Store& store, std::size_t number);
  /// Everything that is in a store, but for times, as a text.
  static std::string state_of(const jobmedic::Store& store);
  /// After how many steps the store is, given how many were acknowledged: as many, or one more where another was begun.
  /// Throws what differs.
  [[nodiscard]] std::size_t steps_in(const jobmedic::Store& store, std::size_t acknowledged) const;

 private:
  std::vector<std::string> states_;  // after so many steps, where nothing fails
};
