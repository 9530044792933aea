#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

namespace jobmedic::json {

/// Reads a document with known members. Knows where it is, so a wrong type is reported with its JSON Pointer:
/// "/outcome/cost_usd: expected a number, found \"1.8 USD\"". Borrows the value. Every method throws Error (schema).
class Reader {
 public:
  explicit Reader(const Value& document) : document_(&document), value_(&document) {}

  /// The member, or none where it is absent or null.
  [[nodiscard]] std::optional<Reader> find(std::string_view name) const;
  [[nodiscard]] Reader at(std::string_view name) const;
  [[nodiscard]] std::vector<Reader> items() const;
  [[nodiscard]] std::vector<std::pair<std::string, Reader>> members() const;

  [[nodiscard]] bool boolean() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] double number_in(double min, double max) const;
  [[nodiscard]] std::int64_t integer() const;  ///< also 3.0
  [[nodiscard]] std::int64_t integer_in(std::int64_t min, std::int64_t max) const;
  [[nodiscard]] const std::string& string() const;
  [[nodiscard]] std::vector<std::string> strings() const;
  [[nodiscard]] std::map<std::string, std::string> string_map() const;

  [[nodiscard]] bool boolean_or(std::string_view name, bool fallback) const;
  [[nodiscard]] std::string string_or(std::string_view name, std::string_view fallback) const;

  /// The member "schema" is there and is `expected`.
  void check_schema(std::string_view expected) const;

  [[nodiscard]] const Value& value() const { return *value_; }
  /// The value's JSON Pointer (RFC 6901) within the document. Searched for when asked: only an error needs it.
  [[nodiscard]] std::string pointer() const;
  [[noreturn]] void fail(std::string_view problem) const;
  [[noreturn]] void expected(std::string_view what) const;  ///< "expected `what`, found <this value>"

 private:
  Reader(const Value& document, const Value& value) : document_(&document), value_(&value) {}

  const Value* document_;
  const Value* value_;
};

/// A token as it stands in a JSON Pointer (RFC 6901): '~' as "~0", '/' as "~1".
std::string escape_pointer_token(std::string_view token);

}  // namespace jobmedic::json
