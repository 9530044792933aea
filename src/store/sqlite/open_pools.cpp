#include "store/sqlite/open_pools.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <vector>

#include "jobmedic/error.hpp"
#include "store/sqlite/pool.hpp"

namespace jobmedic::sqlite {
namespace {

struct OpenPools {
  std::timed_mutex mutex;  // timed: held by another thread at fork(), it would stay locked in the child
  std::vector<std::shared_ptr<Pool>> pools;
};

// The one variable of this library that is one per process, because what it mirrors is. Never destroyed: stores may be
// closed later than statics.
OpenPools& open_pools() {
  static OpenPools& all = *new OpenPools;
  return all;
}

std::unique_lock<std::timed_mutex> lock(OpenPools& all) {
  return {all.mutex, std::chrono::seconds(1)};
}

[[noreturn]] void fail_in_use(const Location& location) {
  throw Error(Status::forked,
              "store " + location.url + " was in use by another thread at fork(): open it in a process started anew");
}

}  // namespace

void enlist(std::shared_ptr<Pool> pool) {
  auto& all = open_pools();
  const auto held = lock(all);
  if (!held) fail_in_use(pool->location());
  all.pools.push_back(std::move(pool));
}

void delist(const std::shared_ptr<Pool>& pool) noexcept {
  auto& all = open_pools();
  const std::lock_guard held(all.mutex);
  std::erase(all.pools, pool);
}

void close_inherited_pools(const Location& location) {
  auto& all = open_pools();
  const auto held = lock(all);
  if (!held) fail_in_use(location);
  const Stamp wanted = stamp(location);
  for (const auto& pool : all.pools) {
    if (!pool->inherited() || pool->close_inherited()) continue;
    const Stamp found = stamp(pool->location());
    if (found.device == wanted.device && found.inode == wanted.inode) fail_in_use(location);
  }
}

}  // namespace jobmedic::sqlite
