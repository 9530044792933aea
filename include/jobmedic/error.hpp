#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

/// What went wrong when a call itself failed. "Unclassified" and "do not retry" are answers, not errors.
/// Every function of this library throws jobmedic::Error, std::bad_alloc or nothing.
namespace jobmedic {

/// The same numbers as JOBMEDIC_E_* in jobmedic.h.
enum class Status : std::int32_t {
  ok = 0,
  invalid_argument = 1,  ///< the caller's bug: an empty required text, a negative size
  parse = 2,             ///< malformed JSON; detail {"offset": byte}
  schema = 3,            ///< well-formed, wrong shape; detail {"pointer": JSON Pointer}
  rules = 4,             ///< a bad rule; detail {"file", "rule", "column"}
  model = 5,             ///< a damaged, foreign or unsuitable model
  store = 6,             ///< the database; detail {"code": its own number}
  patch = 7,             ///< the patch does not apply; detail {"operation": index, "pointer"}
  io = 8,                ///< a file or the system; detail {"path", "errno"}
  forked = 9,            ///< a handle used in a child of the process that made it
  out_of_memory = 10,
  internal = 11,  ///< a bug in jobmedic
  cancelled = 12  ///< a callback asked to stop
};

/// "parse", "schema", ...: the names above.
std::string_view status_name(Status status) noexcept;

class Error : public std::runtime_error {
 public:
  /// `message`: one line, in the user's words. `detail`: a JSON object.
  Error(Status status, const std::string& message, std::string detail = "{}");
  [[nodiscard]] Status status() const noexcept { return status_; }
  [[nodiscard]] const std::string& detail() const noexcept { return detail_; }
  /// The same error told from one level further out: "where: message".
  [[nodiscard]] Error within(std::string_view where) const;

 private:
  Status status_;
  std::string detail_;
};

}  // namespace jobmedic
