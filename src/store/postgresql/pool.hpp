#pragma once
#include <sys/types.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/postgresql/connection.hpp"

namespace jobmedic::postgresql {

/// The connections of one open store, as many as threads use at once, up to a limit. Safe from any number of threads.
class Pool {
 public:
  /// Makes the first connection, and makes or checks the tables.
  explicit Pool(Location location);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  [[nodiscard]] const Location& location() const { return location_; }
  /// Throws Error (forked) in a child of the process that opened it.
  void check_process() const;

  /// One connection for as long as this lives. Throws Failure, as where all are in use until the deadline.
  class Lease {
   public:
    Lease(Pool& pool, const Deadline& deadline) : pool_(pool), connection_(pool.take(deadline)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { pool_.give_back(std::move(connection_)); }
    Connection* operator->() const { return connection_.get(); }
    Connection& operator*() const { return *connection_; }

   private:
    Pool& pool_;
    std::unique_ptr<Connection> connection_;
  };

 private:
  std::unique_ptr<Connection> take(const Deadline& deadline);
  void give_back(std::unique_ptr<Connection> connection) noexcept;

  const Location location_;
  const pid_t process_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t leased_ = 0;
};

}  // namespace jobmedic::postgresql
