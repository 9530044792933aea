#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/sql/connection.hpp"

namespace jobmedic::sql {

/// One use of a compiled statement: bind all, step through, let go.
class Query {
 public:
  template <typename... Values>
  explicit Query(Connection& connection, std::string_view sql, const Values&... values)
      : statement_(connection.statement(sql)) {
    int index = 0;
    (bind(++index, values), ...);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { statement_.reset(); }

  /// Is there a (further) row?
  bool step() { return statement_.step(); }
  void run() {
    while (step()) continue;
  }

  [[nodiscard]] bool null(int column) const { return statement_.null(column); }
  [[nodiscard]] std::int64_t integer(int column) const { return statement_.integer(column); }
  [[nodiscard]] std::string text(int column) const { return statement_.text(column); }  ///< also of a blob: its bytes

 private:
  void bind(int index, std::int64_t value) { statement_.bind(index, value); }
  void bind(int index, std::string_view value) { statement_.bind(index, value); }
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, Blob value) { statement_.bind(index, value); }
  template <typename Value>
  void bind(int index, const std::optional<Value>& value) {
    value ? bind(index, *value) : statement_.bind_null(index);
  }

  Statement& statement_;
};

}  // namespace jobmedic::sql
