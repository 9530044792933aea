#include "store/sqlite/pool.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <utility>

#include "jobmedic/error.hpp"
#include "store/sql/failure.hpp"
#include "store/sqlite/failure.hpp"
#include "store/sqlite/open_pools.hpp"
#include "store/sqlite/schema.hpp"

namespace jobmedic::sqlite {
namespace {

constexpr std::size_t most_idle = 8;
constexpr int most_tries = 3;

}  // namespace

Pool::Pool(Location location) : location_(std::move(location)), process_(::getpid()) {
  const std::lock_guard lock(mutex_);
  open_first();
}

std::shared_ptr<Pool> Pool::open(Location location) {
  close_inherited_pools(location);
  auto pool = std::make_shared<Pool>(std::move(location));
  enlist(pool);
  return pool;
}

void Pool::close(const std::shared_ptr<Pool>& pool) noexcept {
  if (!pool->inherited()) delist(pool);
}

bool Pool::inherited() const {
  return ::getpid() != process_;
}

bool Pool::close_inherited() noexcept {
  // try_lock: the thread that held it at fork() does not exist here.
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || leased_ != 0) return false;
  for (auto& connection : idle_) connection->close_inherited();
  idle_.clear();
  return true;
}

// A store whose folder is read-only has no place for the files that WAL readers share. It can still be read as it is,
// as long as nobody writes: there is no log beside it now, and its files are compared after each read.
void Pool::open_first() {
  idle_.clear();
  access_ = location_.options.read_only ? Access::read : Access::write;
  try {
    idle_.push_back(std::make_unique<Connection>(location_, access_));
    if (access_ == Access::read && outdated(*idle_.back())) bring_forward();
    prepare(*idle_.back());
  } catch (const Error&) {
    idle_.clear();
    if (::access(location_.path.c_str(), R_OK) != 0 || ::access(location_.path.parent_path().c_str(), W_OK) == 0) throw;
    opened_at_ = stamp(location_);
    if (opened_at_.write_ahead_log) throw;
    access_ = Access::immutable;
    idle_.push_back(std::make_unique<Connection>(location_, access_));
    prepare(*idle_.back());
  }
  writable_ = access_ == Access::write && idle_.back()->writable();
}

void Pool::check_process() const {
  if (!inherited()) return;
  throw Error(Status::forked, "store " + location_.url + " was opened before fork(): open it again in this process");
}

// An older store opens for those who only read, too, where its file may be written.
void Pool::bring_forward() {
  Connection writer(location_, Access::write);
  if (writer.writable()) prepare(writer);
}

bool Pool::reopen() {
  const std::lock_guard lock(mutex_);
  if (access_ != Access::immutable || stamp(location_) == opened_at_) return false;
  open_first();
  return true;
}

void Pool::tell(std::string_view event, std::string_view what) const {
  if (location_.options.tell) location_.options.tell(event, fmt::format("store {}: {}", location_.url, what));
}

std::unique_ptr<Connection> Pool::take() {
  check_process();
  if (reopen()) tell("store_reopened", "its files have changed since they were opened");
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) idle_.push_back(std::make_unique<Connection>(location_, access_));
  ++leased_;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void Pool::give_back(std::unique_ptr<Connection> connection) noexcept {
  const std::lock_guard lock(mutex_);
  --leased_;
  if (connection->access() == Access::immutable) return;  // it would go on showing what it has read
  if (idle_.size() < most_idle) idle_.push_back(std::move(connection));
}

std::unique_lock<std::timed_mutex> Pool::wait_for_turn() {
  check_process();
  if (!writable()) {
    fail(location_,
         location_.options.read_only ? "was opened for reading only"
                                     : "cannot be written: the file or its folder is read-only",
         SQLITE_READONLY);
  }
  std::unique_lock turn(writers_, location_.options.busy_timeout);
  if (!turn) {
    const std::string waited = sql::in_words(location_.options.busy_timeout);
    fail(location_, fmt::format("locked by other threads of this process for {}", waited), SQLITE_BUSY);
  }
  return turn;
}

bool Pool::writable() {
  const std::lock_guard lock(mutex_);
  return writable_;
}

bool Pool::unchanged() {
  const std::lock_guard lock(mutex_);
  return access_ != Access::immutable || stamp(location_) == opened_at_;
}

void Pool::read(const sql::Database::Body& body) {
  for (int tries = 0; tries < most_tries; ++tries) {
    const Lease lease(*this);
    Transaction transaction(*lease.connection, Transaction::Kind::read);
    body(*lease.connection);
    transaction.commit();
    if (unchanged()) return;
    tell("store_retried", "another process wrote it during a read");
  }
  fail(location_, "is being written by another process, and its folder is read-only for this one: try again");
}

void Pool::write(const sql::Database::Body& body) {
  const auto turn = wait_for_turn();
  const Lease lease(*this);
  Transaction transaction(*lease.connection, Transaction::Kind::write);
  body(*lease.connection);
  transaction.commit();
}

}  // namespace jobmedic::sqlite
