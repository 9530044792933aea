#include "store/postgresql/database.hpp"

#include <fmt/format.h>

#include <exception>

#include "store/postgresql/backoff.hpp"
#include "store/postgresql/failure.hpp"
#include "store/postgresql/pool.hpp"
#include "store/sql/failure.hpp"

namespace jobmedic::postgresql {
namespace {

class PooledDatabase final : public sql::Database {
 public:
  explicit PooledDatabase(Location location) : pool_(std::move(location)) {}

  [[nodiscard]] const std::string& url() const noexcept override { return pool_.location().url; }

 private:
  void run_read(const Body& body) override;
  void run_write(const Body& body) override;
  bool committed(const Mark& mark, const Deadline& deadline);

  // Again, until the deadline, while `once` fails for a reason that may pass. Of a last try that the deadline cut off
  // the reason of the one before it is told.
  template <typename Once>
  auto repeat(const Deadline& deadline, const Once& once) {
    std::exception_ptr before;
    for (Backoff backoff;;) {
      try {
        return once();
      } catch (const Failure& failure) {
        if (failure.kind() == Failure::Kind::timeout && before) std::rethrow_exception(before);
        if (failure.kind() == Failure::Kind::final || !backoff.wait(deadline)) throw;
        tell(failure);
        before = std::current_exception();
      }
    }
  }

  void tell(const Failure& failure) const {
    const auto& listener = pool_.location().options.tell;
    if (listener) listener(failure.kind() == Failure::Kind::lost ? "store_lost" : "store_retried", failure.what());
  }

  Pool pool_;
};

void PooledDatabase::run_read(const Body& body) {
  const Deadline deadline(pool_.location().options.busy_timeout);
  repeat(deadline, [&] {
    const Pool::Lease connection(pool_, deadline);
    connection->begin(Connection::Kind::read, deadline);
    body(*connection);
    connection->commit();
  });
}

void PooledDatabase::run_write(const Body& body) {
  pool_.check_process();
  if (pool_.location().options.read_only)
    sql::fail(url(), "was opened for reading only", R"({"code":0,"kind":"read_only"})");
  const Deadline deadline(pool_.location().options.busy_timeout);
  repeat(deadline, [&] {
    std::optional<Mark> mark;
    try {
      const Pool::Lease connection(pool_, deadline);
      connection->begin(Connection::Kind::write, deadline);
      body(*connection);
      mark = connection->next_mark();
      connection->commit_write();
    } catch (const Failure& failure) {
      if (!mark || failure.kind() != Failure::Kind::lost || !committed(*mark, deadline)) throw;
    }
  });
}

// Was it, though the answer did not come?
bool PooledDatabase::committed(const Mark& mark, const Deadline& deadline) {
  try {
    return repeat(deadline, [&] {
      const Pool::Lease connection(pool_, deadline);
      return connection->committed(mark, deadline);
    });
  } catch (const Failure& failure) {
    throw Failure(Failure::Kind::final, pool_.location(),
                  fmt::format("the connection was lost while a change was being saved, and whether it was saved could "
                              "not be asked within {}: look before you repeat it",
                              sql::in_words(pool_.location().options.busy_timeout)));
  }
}

}  // namespace

std::unique_ptr<sql::Database> open_database(std::string_view url, const StoreOptions& options) {
  return std::make_unique<PooledDatabase>(Location(url, options));
}

}  // namespace jobmedic::postgresql
