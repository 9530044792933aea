#pragma once
#include <algorithm>
#include <chrono>

namespace jobmedic::postgresql {

/// How long one call of the store may wait for others: for locks, for its turn, for a server that comes back.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds allowed) : at_(std::chrono::steady_clock::now() + allowed) {}

  [[nodiscard]] std::chrono::steady_clock::time_point at() const { return at_; }
  [[nodiscard]] bool over() const { return left().count() == 0; }
  [[nodiscard]] std::chrono::milliseconds left() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(0));
  }

 private:
  std::chrono::steady_clock::time_point at_;
};

}  // namespace jobmedic::postgresql
