#pragma once
#include <sys/types.h>

#include <memory>
#include <mutex>
#include <vector>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/location.hpp"

namespace jobmedic::sqlite {

/// The connections of one open store. Readers never wait for each other or for the writer; writers of one process queue
/// here, not in SQLite's polling.
class Pool {
 public:
  /// Opens the first connection, and makes or checks the tables.
  static std::shared_ptr<Pool> open(Location location);
  /// Closes the connections; in a forked child they are only put aside, for the next open() to close.
  static void close(std::shared_ptr<Pool> pool) noexcept;

  explicit Pool(Location location);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() = default;

  /// body(Connection&) within one read transaction: it sees one state of the store. May run more than once.
  template <typename Body>
  auto read(const Body& body) {
    for (int tries = 0; tries < most_tries; ++tries) {
      const Lease lease(*this);
      Transaction transaction(*lease.connection, Transaction::Kind::read);
      auto result = body(*lease.connection);
      transaction.commit();
      if (unchanged()) return result;
      tell("store_retried", "another process wrote it during a read");
    }
    fail_changing();
  }

  /// body(Connection&) within one write transaction: all of it is durable on return, or none of it happened.
  template <typename Body>
  auto write(const Body& body) {
    const auto turn = wait_for_turn();
    const Lease lease(*this);
    Transaction transaction(*lease.connection, Transaction::Kind::write);
    auto result = body(*lease.connection);
    transaction.commit();
    return result;
  }

  [[nodiscard]] const Location& location() const { return location_; }
  [[nodiscard]] bool inherited() const;  ///< opened by a process of which this one is a fork
  /// In a forked child: lets go of what the parent keeps. False where a thread of the parent was using it.
  bool close_inherited() noexcept;

 private:
  static constexpr int most_tries = 3;

  struct Lease {
    explicit Lease(Pool& from) : pool(from), connection(from.take()) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { pool.give_back(std::move(connection)); }
    Pool& pool;
    std::unique_ptr<Connection> connection;
  };

  void open_first();
  void bring_forward();
  bool reopen();  ///< where it was opened as it is and has changed since
  void tell(std::string_view event, std::string_view what) const;
  std::unique_ptr<Connection> take();
  void give_back(std::unique_ptr<Connection> connection) noexcept;
  std::unique_lock<std::timed_mutex> wait_for_turn();
  void check_process() const;
  [[nodiscard]] bool writable();
  [[nodiscard]] bool unchanged();
  [[noreturn]] void fail_changing();

  const Location location_;
  const pid_t process_;
  std::timed_mutex writers_;
  std::mutex mutex_;  // guards what follows
  Access access_ = Access::write;
  bool writable_ = false;
  Stamp opened_at_;  // immutable access only
  std::vector<std::unique_ptr<Connection>> idle_;
  int leased_ = 0;
};

}  // namespace jobmedic::sqlite
