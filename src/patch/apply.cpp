#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "json/reader.hpp"
#include "json/value.hpp"
#include "patch/limits.hpp"
#include "patch/pointer.hpp"

namespace jobmedic {
namespace {

using json::Array;
using json::Object;
using json::Value;

enum class Kind { add, remove, replace, move, copy, test };
constexpr std::array<std::string_view, 6> kind_names{"add", "remove", "replace", "move", "copy", "test"};

struct Operation {
  Kind kind;
  Pointer path;
  Pointer from;   // of move and copy
  Value value{};  // of add, replace and test
};

// --- reading the patch ---

Pointer read_pointer(const json::Reader& in) {
  auto pointer = Pointer::parse(in.string());
  if (!pointer) in.expected("a JSON Pointer such as \"/spark.executor.memory\"");
  return std::move(*pointer);
}

Kind read_kind(const json::Reader& in) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), in.string());
  if (found == kind_names.end()) in.expected("one of add, remove, replace, move, copy, test");
  return static_cast<Kind>(found - kind_names.begin());
}

Operation read_operation(const json::Reader& in) {
  const Kind kind = read_kind(in.at("op"));
  Operation operation{kind, read_pointer(in.at("path")), {}};
  if (kind == Kind::move || kind == Kind::copy) operation.from = read_pointer(in.at("from"));
  if (kind == Kind::add || kind == Kind::replace || kind == Kind::test) {
    const Value* value = in.value().find("value");  // not Reader::find: null is a value here
    if (value == nullptr) static_cast<void>(in.at("value"));
    operation.value = *value;
  }
  return operation;
}

// All of it before the first is applied, so that a malformed patch is told as such.
std::vector<Operation> read_patch(const Value& patch) {
  const auto* array = patch.as<Array>();
  const std::string at_root = json::write(json::object({{"pointer", ""}}));
  if (array == nullptr) throw Error(Status::schema, "patch: expected an array of operations", at_root);
  if (array->size() > max_operations) {
    throw Error(Status::schema, fmt::format("patch: has {} operations, {} are allowed", array->size(), max_operations),
                at_root);
  }
  std::vector<Operation> operations;
  operations.reserve(array->size());
  try {
    for (const json::Reader& item : json::Reader(patch).items()) operations.push_back(read_operation(item));
  } catch (const Error& error) {
    throw error.within("patch");
  }
  return operations;
}

// --- applying it ---

struct Extent {
  std::size_t height = 0;  // levels of nesting; 0: neither object nor array
  std::size_t bytes = 0;   // about what it takes in memory
};

// Recursion is bounded: no value here is nested deeper than json::max_depth.
Extent measure(const Value& value) {
  Extent all{0, sizeof(Value)};
  const auto count = [&all](const Value& inner) {
    const Extent part = measure(inner);
    all.height = std::max(all.height, part.height + 1);
    all.bytes += part.bytes;
  };
  if (const auto* text = value.as<std::string>()) all.bytes += text->size();
  if (const auto* array = value.as<Array>()) {
    all.height = 1;
    for (const Value& element : *array) count(element);
  }
  if (const auto* object = value.as<Object>()) {
    all.height = 1;
    for (const auto& [name, member] : *object) {
      all.bytes += sizeof(std::string) + name.size();
      count(member);
    }
  }
  return all;
}

std::string shown(const Value& value) {
  std::string text = json::write(value);
  constexpr std::size_t longest = 60;
  return text.size() > longest ? text.substr(0, longest) + "..." : text;
}

std::string kind_of(const Value& value) {
  if (value.is_null()) return "null";
  if (value.as<bool>() != nullptr) return "a boolean";
  return value.is_number() ? "a number" : "a string";
}

// Works on its own copy of the document: whoever throws away the Application has changed nothing.
class Application {
 public:
  explicit Application(Value document) : document_(std::move(document)) {}

  void apply(std::size_t index, Operation operation) {
    index_ = index;
    kind_ = operation.kind;
    switch (operation.kind) {
      case Kind::add:
        return add(operation.path, std::move(operation.value));
      case Kind::remove:
        return static_cast<void>(take(operation.path));
      case Kind::replace:
        return replace(operation.path, std::move(operation.value));
      case Kind::move:
        return move(operation.from, operation.path);
      case Kind::copy:
        return copy(operation.from, operation.path);
      case Kind::test:
        return test(operation.path, operation.value);
    }
  }

  [[nodiscard]] const Value& document() const { return document_; }

 private:
  [[noreturn]] void fail(const std::string& pointer, std::string_view reason) const {
    const auto name = kind_names[static_cast<std::size_t>(kind_)];
    const std::string where = pointer.empty() ? std::string("the document") : pointer;
    throw Error(Status::patch, fmt::format("operation {} \"{}\": {}: {}", index_, name, where, reason),
                json::write(json::object({{"operation", std::uint64_t{index_}}, {"pointer", pointer}})));
  }

  void spend(const Pointer& at, std::size_t steps) {
    steps_ += steps;
    if (steps_ > max_steps) fail(at.text(), "the patch is too much work for this document");
  }

  // What tokens 0..count of `at` lead to.
  Value& find(const Pointer& at, std::size_t count) {
    Value* value = &document_;
    for (std::size_t i = 0; i < count; ++i) value = &enter(*value, at, i);
    return *value;
  }
  Value& find(const Pointer& at) { return find(at, at.tokens.size()); }

  Value& enter(Value& container, const Pointer& at, std::size_t i) {
    if (auto* array = container.as<Array>()) return (*array)[element(*array, at, i)];
    return member(container, at, i)->second;
  }

  Object::iterator member(Value& container, const Pointer& at, std::size_t i) {
    auto* members = container.as<Object>();
    if (members == nullptr) fail_inside(container, at, i);
    const auto found = look_up(*members, at, i);
    if (found == members->end()) fail(at.text(i + 1), "no such member");
    return found;
  }

  Object::iterator look_up(Object& members, const Pointer& at, std::size_t i) {
    spend(at, members.size());
    return std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == at.tokens[i]; });
  }

  [[noreturn]] void fail_inside(const Value& scalar, const Pointer& at, std::size_t i) const {
    const std::string holder = i == 0 ? std::string("the document") : at.text(i);
    fail(at.text(i + 1), fmt::format("{} is {} and holds nothing", holder, kind_of(scalar)));
  }

  std::size_t element(const Array& array, const Pointer& at, std::size_t i) {
    const std::size_t index = position(at, i);
    if (index >= array.size()) fail_beyond(array, at, i);
    return index;
  }

  [[nodiscard]] std::size_t position(const Pointer& at, std::size_t i) const {
    if (const auto index = array_index(at.tokens[i])) return *index;
    if (at.tokens[i] == "-") fail(at.text(i + 1), "\"-\" is past the last element, which only add can use");
    fail(at.text(i + 1), fmt::format("\"{:.40}\" is no array index", at.tokens[i]));
  }

  [[noreturn]] void fail_beyond(const Array& array, const Pointer& at, std::size_t i) const {
    fail(at.text(i + 1),
         fmt::format("no such element: the array has {}", array.empty() ? "none" : std::to_string(array.size())));
  }

  void check_depth(const Pointer& at, const Extent& extent) const {
    if (at.tokens.size() + extent.height > json::max_depth) {
      fail(at.text(), fmt::format("the result would be nested deeper than {} levels", json::max_depth));
    }
  }

  void add(const Pointer& at, Value value) {
    check_depth(at, measure(value));
    put(at, std::move(value));
  }

  void put(const Pointer& at, Value value) {
    if (at.tokens.empty()) {
      document_ = std::move(value);
      return;
    }
    const std::size_t last = at.tokens.size() - 1;
    Value& container = find(at, last);
    if (auto* array = container.as<Array>()) return insert(*array, at, std::move(value));
    auto* members = container.as<Object>();
    if (members == nullptr) fail_inside(container, at, last);
    const auto found = look_up(*members, at, last);
    if (found != members->end()) {
      found->second = std::move(value);
    } else {
      members->emplace_back(at.tokens[last], std::move(value));
    }
  }

  void insert(Array& array, const Pointer& at, Value value) {
    const std::size_t last = at.tokens.size() - 1;
    const std::size_t index = at.tokens[last] == "-" ? array.size() : position(at, last);
    if (index > array.size()) fail_beyond(array, at, last);
    spend(at, array.size() - index);
    array.insert(array.begin() + static_cast<std::ptrdiff_t>(index), std::move(value));
  }

  Value take(const Pointer& at) {
    if (at.tokens.empty()) fail("", "the whole document cannot be removed");
    const std::size_t last = at.tokens.size() - 1;
    Value& container = find(at, last);
    if (auto* array = container.as<Array>()) {
      const std::size_t index = element(*array, at, last);
      spend(at, array->size() - index);
      Value taken = std::move((*array)[index]);
      array->erase(array->begin() + static_cast<std::ptrdiff_t>(index));
      return taken;
    }
    const auto found = member(container, at, last);
    Value taken = std::move(found->second);
    container.as<Object>()->erase(found);
    return taken;
  }

  void replace(const Pointer& at, Value value) {
    check_depth(at, measure(value));
    find(at) = std::move(value);
  }

  void move(const Pointer& from, const Pointer& to) {
    if (from.encloses(to)) fail(to.text(), "a value cannot be moved into itself");
    const Extent extent = measured(from);
    if (from.tokens == to.tokens) return;  // taking it out and putting it back would change the order of members
    Value value = take(from);
    check_depth(to, extent);
    put(to, std::move(value));
  }

  void copy(const Pointer& from, const Pointer& to) {
    const Extent extent = measured(from);
    check_depth(to, extent);
    copied_bytes_ += extent.bytes;
    if (copied_bytes_ > max_copied_bytes) fail(to.text(), "the patch copies too much: the result would be too large");
    put(to, find(from));
  }

  Extent measured(const Pointer& at) {
    const Extent extent = measure(find(at));
    spend(at, extent.bytes / sizeof(Value));
    return extent;
  }

  void test(const Pointer& at, const Value& expected) {
    const Value& found = find(at);
    if (found == expected) return;
    fail(at.text(), fmt::format("expected {}, found {}", shown(expected), shown(found)));
  }

  Value document_;
  std::size_t index_ = 0;
  Kind kind_ = Kind::add;
  std::size_t steps_ = 0;
  std::size_t copied_bytes_ = 0;
};

}  // namespace

std::string apply_patch(std::string_view document, std::string_view patch) {
  Application application(json::parse_named("document", document));
  // An operation lies two levels deep, so that any whole document can be its value.
  std::vector<Operation> operations = read_patch(json::parse_named("patch", patch, json::max_depth + 2));
  for (std::size_t i = 0; i < operations.size(); ++i) application.apply(i, std::move(operations[i]));
  return json::write(application.document());
}

}  // namespace jobmedic
