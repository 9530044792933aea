#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/sql/connection.hpp"

struct pg_result;

namespace jobmedic::postgresql {

class Connection;

struct ClearResult {
  void operator()(pg_result* result) const noexcept;
};
using Result = std::unique_ptr<pg_result, ClearResult>;

/// Executed by the first step(), which fetches all rows: queries are paged above. Values and columns travel in binary
/// form: int8, or bytea as it is.
class Statement final : public sql::Statement {
 public:
  Statement(Connection& connection, std::string name) : connection_(connection), name_(std::move(name)) {}

  void bind(int index, std::int64_t value) override;
  void bind(int index, std::string_view value) override;
  void bind(int index, sql::Blob value) override;
  void bind_null(int index) override;
  bool step() override;
  [[nodiscard]] bool null(int column) const override;
  [[nodiscard]] std::int64_t integer(int column) const override;
  [[nodiscard]] std::string text(int column) const override;
  void reset() noexcept override;

 private:
  struct Value {
    std::string copy;
    std::optional<std::string_view> borrowed;
    bool null = false;
  };
  Value& value(int index);
  void execute();

  Connection& connection_;
  const std::string name_;
  std::vector<Value> values_;
  Result result_;
  int row_ = -1;
};

/// "?" as PostgreSQL counts them: "$1", "$2", ...
std::string numbered(std::string_view sql);

}  // namespace jobmedic::postgresql
