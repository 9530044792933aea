#pragma once
#include <memory>

#include "store/sql/connection.hpp"

struct sqlite3_stmt;

namespace jobmedic::sqlite {

class Connection;

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept;
};

class Statement final : public sql::Statement {
 public:
  Statement(Connection& connection, sqlite3_stmt* compiled) : connection_(connection), statement_(compiled) {}

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
  void check(int code);

  Connection& connection_;
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement_;
};

}  // namespace jobmedic::sqlite
