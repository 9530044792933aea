#pragma once
#include <string>
#include <string_view>

#include "jobmedic/error.hpp"
#include "store/postgresql/location.hpp"

struct pg_conn;
struct pg_result;

namespace jobmedic::postgresql {

/// What the server or libpq refused, and what can be done about it.
class Failure : public Error {
 public:
  enum class Kind {
    conflict,  ///< another transaction was in the way: the same again may succeed
    lost,      ///< the connection is gone, or could not be made: another may do
    timeout,   ///< the caller's deadline came before an answer
    final
  };
  /// `word`: the kind of trouble, as Store documents it.
  Failure(Kind kind, const Location& location, std::string_view problem, std::string_view word = "connection",
          std::string_view sqlstate = "");
  [[nodiscard]] Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

/// Throws what a result means to a user.
[[noreturn]] void fail(const Location& location, const pg_result* result);
/// Throws that the connection is lost, in libpq's words.
[[noreturn]] void fail_lost(const Location& location, pg_conn* connection);

}  // namespace jobmedic::postgresql
