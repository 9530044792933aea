#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/sqlite/connection.hpp"

namespace jobmedic::sqlite {

/// Bytes bound without a copy: they must live as long as the query.
struct Blob {
  std::string_view bytes;
};

/// One use of a compiled statement: bind all, step through, let go.
class Query {
 public:
  template <typename... Values>
  explicit Query(Connection& connection, std::string_view sql, const Values&... values)
      : connection_(connection), statement_(connection.statement(sql)) {
    int index = 0;
    (bind(++index, values), ...);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  /// Is there a (further) row? A constraint that forbids a change throws like any other failure.
  bool step();
  void run();

  [[nodiscard]] bool null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;  ///< also of a blob: its bytes

 private:
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, const std::optional<std::int64_t>& value);
  void bind(int index, const std::optional<std::string>& value);
  void bind(int index, Blob value);
  void check(int code);

  Connection& connection_;
  sqlite3_stmt* statement_;
};

}  // namespace jobmedic::sqlite
