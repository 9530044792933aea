#include "store/postgresql/backoff.hpp"

#include <random>
#include <thread>

namespace jobmedic::postgresql {
namespace {

constexpr std::chrono::milliseconds longest{100};

}  // namespace

std::uint64_t Backoff::seed() {
  std::random_device random;
  return std::uint64_t{random()} << 32U | random();
}

bool Backoff::wait(const Deadline& deadline) {
  if (deadline.over()) return false;
  const std::chrono::duration<double, std::milli> most = std::min(longest, std::chrono::milliseconds(1LL << tries_));
  std::this_thread::sleep_for(
      std::min<std::chrono::duration<double, std::milli>>(random_.uniform() * most, deadline.left()));
  if (tries_ < 10) ++tries_;
  return !deadline.over();
}

}  // namespace jobmedic::postgresql
