#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/postgresql/deadline.hpp"
#include "store/postgresql/location.hpp"
#include "store/postgresql/statement.hpp"
#include "store/sql/connection.hpp"

struct pg_conn;
struct pg_result;

namespace jobmedic::postgresql {

struct CloseConnection {
  void operator()(pg_conn* connection) const noexcept;
};

/// What a commit leaves behind in the table `writers`, so that one whose answer was lost can be looked up.
struct Mark {
  std::string writer;  ///< of one connection: 32 hexadecimal digits
  std::int64_t number = 0;
};

/// One connection with its prepared statements. Belongs to one thread at a time. Its methods throw Failure.
class Connection final : public sql::Connection {
 public:
  Connection(const Location& location, const Deadline& deadline);

  sql::Statement& statement(std::string_view sql) override;
  [[nodiscard]] std::int64_t changes() const override { return changes_; }
  [[nodiscard]] const std::string& url() const noexcept override { return location_.url; }

  /// Several statements without results.
  void run(const std::string& sql);

  enum class Kind { read, write, schema };
  /// Every lock that the transaction waits for is waited for until the deadline, not longer.
  void begin(Kind kind, const Deadline& deadline);
  void commit();
  /// What commit_write() will leave behind.
  [[nodiscard]] Mark next_mark() const { return {writer_, commits_ + 1}; }
  void commit_write();
  /// Was it committed? Waits for a transaction that is still at it. Call it between transactions.
  bool committed(const Mark& mark, const Deadline& deadline);
  /// Ends what is open; false where it cannot be used again.
  bool settle() noexcept;
  /// Closes it in a forked child: to the parent and the server it stays open.
  void close_inherited() noexcept;

  // For Statement.
  void prepare(const std::string& name, const std::string& sql);
  [[nodiscard]] Result execute(const std::string& name, const std::vector<const char*>& values,
                               const std::vector<int>& sizes);

 private:
  void connect(const Deadline& deadline);
  Result answer(bool sent);
  void wait_for_answer();

  const Location& location_;
  std::unique_ptr<pg_conn, CloseConnection> connection_;
  std::unordered_map<std::string_view, Statement> statements_;  // stay where they are while it grows
  std::int64_t changes_ = 0;
  std::chrono::steady_clock::time_point patience_;  // when a silent server counts as lost
  const std::string writer_;
  std::int64_t commits_ = 0;
};

}  // namespace jobmedic::postgresql
