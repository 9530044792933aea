#include "store/postgresql/pool.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include "store/postgresql/backoff.hpp"
#include "store/postgresql/failure.hpp"
#include "store/postgresql/schema.hpp"

namespace jobmedic::postgresql {
namespace {

constexpr std::size_t most_connections = 16;  // a server has 100 for all

bool starting(const Location& location) {
  const Location::Parameters parameters = location.parameters();
  return PQpingParams(parameters.keywords.data(), parameters.values.data(), 1) == PQPING_REJECT;
}

}  // namespace

Pool::Pool(Location location) : location_(std::move(location)), process_(::getpid()) {
  const Deadline deadline(location_.options.busy_timeout);
  bool was_there = false;  // a wrong address is told at once; a server that is just starting is waited for
  for (Backoff backoff; idle_.empty();) {
    try {
      auto first = std::make_unique<Connection>(location_, deadline);
      was_there = true;
      prepare(*first, location_, deadline);
      idle_.push_back(std::move(first));
    } catch (const Failure& failure) {
      if (failure.kind() == Failure::Kind::final || !(was_there || starting(location_)) || !backoff.wait(deadline))
        throw;
    }
  }
}

Pool::~Pool() {
  if (::getpid() == process_) return;
  for (const auto& connection : idle_) connection->close_inherited();
}

void Pool::check_process() const {
  if (::getpid() == process_) return;
  throw Error(Status::forked, "store " + location_.url + " was opened before fork(): open it again in this process");
}

std::unique_ptr<Connection> Pool::take(const Deadline& deadline) {
  check_process();
  {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_until(lock, deadline.at(), [&] { return leased_ < most_connections; })) {
      throw Failure(Failure::Kind::final, location_,
                    fmt::format("all {} connections of this process are in use", most_connections), "busy");
    }
    ++leased_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  try {
    return std::make_unique<Connection>(location_, deadline);
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

void Pool::give_back(std::unique_ptr<Connection> connection) noexcept {
  const bool usable = connection && connection->settle();
  if (!usable) connection.reset();
  {
    const std::lock_guard lock(mutex_);
    --leased_;
    if (usable) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

}  // namespace jobmedic::postgresql
