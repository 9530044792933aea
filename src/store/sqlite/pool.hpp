#pragma once
#include <sys/types.h>

#include <memory>
#include <mutex>
#include <vector>

#include "store/sql/database.hpp"
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
  static void close(const std::shared_ptr<Pool>& pool) noexcept;

  explicit Pool(Location location);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() = default;

  /// Database::read: readers never wait.
  void read(const sql::Database::Body& body);
  /// Database::write.
  void write(const sql::Database::Body& body);

  [[nodiscard]] const Location& location() const { return location_; }
  [[nodiscard]] bool inherited() const;  ///< opened by a process of which this one is a fork
  /// In a forked child: lets go of what the parent keeps. False where a thread of the parent was using it.
  bool close_inherited() noexcept;

 private:
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
