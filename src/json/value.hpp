#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// JSON values for all of jobmedic. Only this folder sees RapidJSON.
namespace jobmedic::json {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
using Object = std::vector<Member>;  // members keep their order; names are unique

class Value {
 public:
  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(bool b) : data_(b) {}
  Value(int i) : data_(std::int64_t{i}) {}
  Value(std::int64_t i) : data_(i) {}
  Value(std::uint64_t u);  // kept as std::int64_t where it fits
  Value(double d) : data_(d) {}
  Value(const char* s) : data_(std::string(s)) {}
  Value(std::string s) : data_(std::move(s)) {}
  Value(std::string_view s) : data_(std::string(s)) {}
  Value(Array a) : data_(std::move(a)) {}
  Value(Object o) : data_(std::move(o)) {}

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  [[nodiscard]] bool is_number() const { return as<std::int64_t>() || as<std::uint64_t>() || as<double>(); }
  /// The alternative T, or null: bool, std::int64_t, std::uint64_t (only above INT64_MAX), double, std::string, Array,
  /// Object.
  template <typename T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&data_);
  }
  template <typename T>
  [[nodiscard]] T* as() {
    return std::get_if<T>(&data_);
  }
  /// The member of an object, or null: also where this is no object.
  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] Value* find(std::string_view name);

  /// Equal by value (RFC 6902, 4.6): numbers by what they are worth, objects without regard to order.
  friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> data_;
};

/// object({{"path", path}, {"errno", 2}})
Value object(std::initializer_list<std::pair<const char*, Value>> members);

/// Limits that keep hostile text from exhausting stack or memory.
constexpr std::size_t max_depth = 512;

/// RFC 8259 text to a value. Throws Error (parse, detail {"offset"}): malformed, invalid UTF-8, a duplicate member,
/// deeper than `depth`, an integer beyond 64 bits, a decimal beyond a double's range.
Value parse(std::string_view text, std::size_t depth = max_depth);
/// The same where several texts are read: "name: byte 12: ...".
Value parse_named(std::string_view name, std::string_view text, std::size_t depth = max_depth);

/// The shortest text that reads back equal, members in order. `indent`: 0 for one line, else spaces per level.
std::string write(const Value& value, int indent = 0);

}  // namespace jobmedic::json
