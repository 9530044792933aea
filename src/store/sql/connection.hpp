#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/scope.hpp"

/// What the store's SQL needs of a database. Everything above this header is written once, in SQL that both SQLite and
/// PostgreSQL understand: placeholders are `?`, every text and document is bytes, every other value a 64-bit integer.
namespace jobmedic::sql {

/// Bytes bound without a copy: they must live as long as the query.
struct Blob {
  std::string_view bytes;
};

/// One compiled statement of a connection; Query uses it. Every method throws Error (store).
class Statement {
 public:
  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  virtual ~Statement() = default;

  virtual void bind(int index, std::int64_t value) = 0;  ///< indexes count from 1
  virtual void bind(int index, std::string_view value) = 0;
  virtual void bind(int index, Blob value) = 0;
  virtual void bind_null(int index) = 0;
  /// Is there a (further) row? A constraint that forbids a change throws like any other failure.
  virtual bool step() = 0;
  [[nodiscard]] virtual bool null(int column) const = 0;  ///< columns count from 0
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual std::string text(int column) const = 0;
  virtual void reset() noexcept = 0;  ///< forgets values and rows, ready for the next use
};

/// Where the two still differ in words.
struct Dialect {
  std::string_view last_patch_number;  ///< a query: ids that the store gives count on from here
};

/// One connection with its compiled statements. Belongs to one thread at a time.
class Connection {
 public:
  explicit Connection(const Dialect& dialect) : dialect_(dialect) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  /// Compiled once per connection; `sql` is a literal.
  virtual Statement& statement(std::string_view sql) = 0;
  /// The rows that the last statement inserted, updated or deleted.
  [[nodiscard]] virtual std::int64_t changes() const = 0;
  [[nodiscard]] virtual const std::string& url() const noexcept = 0;

  /// The first column of the first row.
  std::int64_t integer(std::string_view sql);
  [[nodiscard]] const Dialect& dialect() const noexcept { return dialect_; }

  /// Kinds of scope by their text, parsed once: each look-up of patches asks for all of them.
  std::unordered_map<std::string, ScopeKind> scope_kinds;

 private:
  const Dialect& dialect_;
};

}  // namespace jobmedic::sql
