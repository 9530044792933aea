#pragma once
#include <functional>
#include <optional>
#include <string>

#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// One open database: its connections, its transactions. Safe from any number of threads; refuses after fork().
class Database {
 public:
  using Body = std::function<void(Connection&)>;

  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  virtual ~Database() = default;

  [[nodiscard]] virtual const std::string& url() const noexcept = 0;

  /// body(Connection&) within one read transaction: it sees one state of the store. May run more than once.
  template <typename Call>
  auto read(const Call& body) {
    std::optional<decltype(body(std::declval<Connection&>()))> result;
    run_read([&](Connection& connection) { result.emplace(body(connection)); });
    return std::move(*result);
  }

  /// body(Connection&) within one write transaction: all of it is durable on return, or none of it happened. Those of
  /// all processes take effect as if one after the other. May run more than once, but takes effect once.
  template <typename Call>
  auto write(const Call& body) {
    std::optional<decltype(body(std::declval<Connection&>()))> result;
    run_write([&](Connection& connection) { result.emplace(body(connection)); });
    return std::move(*result);
  }

 private:
  virtual void run_read(const Body& body) = 0;
  virtual void run_write(const Body& body) = 0;
};

}  // namespace jobmedic::sql
