#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/scope.hpp"
#include "store/sqlite/location.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace jobmedic::sqlite {

struct CloseDatabase {
  void operator()(sqlite3* db) const noexcept;
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept;
};

enum class Access { write, read, immutable };

/// One connection with its compiled statements. Belongs to one thread at a time.
class Connection {
 public:
  Connection(const Location& location, Access access);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;

  /// Compiled once per connection; `sql` is a literal.
  sqlite3_stmt* statement(std::string_view sql);
  /// Several statements without results.
  void run(const std::string& sql);
  int try_run(const std::string& sql) noexcept;  ///< returns SQLite's code
  /// The first column of the first row.
  std::int64_t integer(std::string_view sql);

  [[nodiscard]] bool writable() const;
  [[nodiscard]] Access access() const { return access_; }
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] const Location& location() const { return location_; }
  [[noreturn]] void fail(int code);
  /// Closes it in a forked child: its files and locks are the parent's, and stay as they are.
  void close_inherited() noexcept;

  /// Kinds of scope by their text, parsed once: each look-up of patches asks for all of them.
  std::unordered_map<std::string, ScopeKind> scope_kinds;

 private:
  const Location& location_;
  const Access access_;
  std::unique_ptr<sqlite3, CloseDatabase> db_;
  std::unordered_map<std::string_view, std::unique_ptr<sqlite3_stmt, FinalizeStatement>> statements_;
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
