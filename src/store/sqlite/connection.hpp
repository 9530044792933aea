#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/sql/connection.hpp"
#include "store/sqlite/location.hpp"
#include "store/sqlite/statement.hpp"

struct sqlite3;

namespace jobmedic::sqlite {

struct CloseDatabase {
  void operator()(sqlite3* db) const noexcept;
};

enum class Access { write, read, immutable };

class Connection final : public sql::Connection {
 public:
  Connection(const Location& location, Access access);

  sql::Statement& statement(std::string_view sql) override;
  [[nodiscard]] std::int64_t changes() const override;
  [[nodiscard]] const std::string& url() const noexcept override { return location_.url; }

  /// Several statements without results.
  void run(const std::string& sql);
  int try_run(const std::string& sql) noexcept;  ///< returns SQLite's code

  [[nodiscard]] bool writable() const;
  [[nodiscard]] Access access() const { return access_; }
  [[nodiscard]] const Location& location() const { return location_; }
  [[noreturn]] void fail(int code);
  /// Closes it in a forked child: its files and locks are the parent's, and stay as they are.
  void close_inherited() noexcept;

 private:
  const Location& location_;
  const Access access_;
  std::unique_ptr<sqlite3, CloseDatabase> db_;
  std::unordered_map<std::string_view, Statement> statements_;  // stay where they are while it grows
};

/// BEGIN ... COMMIT; rolled back where commit() was not reached.
class Transaction {
 public:
  enum class Kind { read, write };
  Transaction(Connection& connection, Kind kind);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace jobmedic::sqlite
