#include "store/sqlite/database.hpp"

#include "store/sqlite/pool.hpp"

namespace jobmedic::sqlite {
namespace {

class PooledDatabase final : public sql::Database {
 public:
  explicit PooledDatabase(Location location) : pool_(Pool::open(std::move(location))) {}
  PooledDatabase(const PooledDatabase&) = delete;
  PooledDatabase& operator=(const PooledDatabase&) = delete;
  ~PooledDatabase() override { Pool::close(pool_); }

  [[nodiscard]] const std::string& url() const noexcept override { return pool_->location().url; }

 private:
  void run_read(const Body& body) override { pool_->read(body); }
  void run_write(const Body& body) override { pool_->write(body); }

  const std::shared_ptr<Pool> pool_;
};

}  // namespace

std::unique_ptr<sql::Database> open_database(std::string_view url, std::string_view path, const StoreOptions& options) {
  return std::make_unique<PooledDatabase>(Location(url, path, options));
}

}  // namespace jobmedic::sqlite
