#include "json/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "jobmedic/error.hpp"

namespace jobmedic::json {
namespace {

// The value as an error message shows it.
std::string shown(const Value& value) {
  if (value.as<Object>() != nullptr) return "an object";
  if (value.as<Array>() != nullptr) return "an array";
  std::string text = write(value);
  constexpr std::size_t longest = 60;
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  return text;
}

void append_escaped(std::string_view token, std::string& text) {
  for (const char c : token) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
}

// Appends the pointer from `from` to `wanted`, and says whether it is there.
bool append_path(const Value& from, const Value& wanted, std::string& pointer) {
  if (&from == &wanted) return true;
  const std::size_t before = pointer.size();
  const auto leads_there = [&](std::string_view token, const Value& child) {
    pointer += '/';
    append_escaped(token, pointer);
    if (append_path(child, wanted, pointer)) return true;
    pointer.resize(before);
    return false;
  };
  if (const auto* array = from.as<Array>()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (leads_there(std::to_string(i), (*array)[i])) return true;
    }
  } else if (const auto* members = from.as<Object>()) {
    return std::any_of(members->begin(), members->end(),
                       [&](const Member& member) { return leads_there(member.first, member.second); });
  }
  return false;
}

[[noreturn]] void fail_at(const std::string& pointer, std::string_view problem) {
  throw Error(Status::schema, fmt::format("{}: {}", pointer.empty() ? "document" : pointer, problem),
              write(object({{"pointer", pointer}})));
}

}  // namespace

std::string escape_pointer_token(std::string_view token) {
  std::string text;
  append_escaped(token, text);
  return text;
}

std::string Reader::pointer() const {
  std::string pointer;
  append_path(*document_, *value_, pointer);
  return pointer;
}

void Reader::fail(std::string_view problem) const {
  fail_at(pointer(), problem);
}

void Reader::expected(std::string_view what) const {
  fail(fmt::format("expected {}, found {}", what, shown(*value_)));
}

std::optional<Reader> Reader::find(std::string_view name) const {
  if (value_->as<Object>() == nullptr) expected("an object");
  const Value* member = value_->find(name);
  if (member == nullptr || member->is_null()) return std::nullopt;
  return Reader(*document_, *member);
}

Reader Reader::at(std::string_view name) const {
  const auto member = find(name);
  if (!member) fail_at(fmt::format("{}/{}", pointer(), escape_pointer_token(name)), "is missing");
  return *member;
}

std::vector<Reader> Reader::items() const {
  const auto* array = value_->as<Array>();
  if (array == nullptr) expected("an array");
  std::vector<Reader> readers;
  readers.reserve(array->size());
  for (const Value& item : *array) readers.push_back(Reader(*document_, item));
  return readers;
}

std::vector<std::pair<std::string, Reader>> Reader::members() const {
  const auto* members = value_->as<Object>();
  if (members == nullptr) expected("an object");
  std::vector<std::pair<std::string, Reader>> readers;
  readers.reserve(members->size());
  for (const auto& [name, value] : *members) readers.emplace_back(name, Reader(*document_, value));
  return readers;
}

bool Reader::boolean() const {
  if (const auto* b = value_->as<bool>()) return *b;
  expected("true or false");
}

double Reader::number() const {
  if (const auto* d = value_->as<double>()) return *d;
  if (const auto* i = value_->as<std::int64_t>()) return static_cast<double>(*i);
  if (const auto* u = value_->as<std::uint64_t>()) return static_cast<double>(*u);
  expected("a number");
}

double Reader::number_in(double min, double max) const {
  const double value = number();
  if (!(value >= min && value <= max)) expected(fmt::format("a number from {} to {}", min, max));
  return value;
}

std::int64_t Reader::integer() const {
  if (const auto* i = value_->as<std::int64_t>()) return *i;
  if (const auto* d = value_->as<double>(); d != nullptr && std::trunc(*d) == *d && std::abs(*d) < 9e15) {
    return static_cast<std::int64_t>(*d);
  }
  expected("an integer");
}

std::int64_t Reader::integer_in(std::int64_t min, std::int64_t max) const {
  const std::int64_t value = integer();
  if (value < min || value > max) expected(fmt::format("an integer from {} to {}", min, max));
  return value;
}

const std::string& Reader::string() const {
  if (const auto* s = value_->as<std::string>()) return *s;
  expected("a string");
}

std::vector<std::string> Reader::strings() const {
  const std::vector<Reader> readers = items();
  std::vector<std::string> texts;
  texts.reserve(readers.size());
  for (const Reader& item : readers) texts.push_back(item.string());
  return texts;
}

std::map<std::string, std::string> Reader::string_map() const {
  std::map<std::string, std::string> texts;
  for (const auto& [name, member] : members()) texts.emplace(name, member.string());
  return texts;
}

bool Reader::boolean_or(std::string_view name, bool fallback) const {
  const auto member = find(name);
  return member ? member->boolean() : fallback;
}

std::string Reader::string_or(std::string_view name, std::string_view fallback) const {
  const auto member = find(name);
  return member ? member->string() : std::string(fallback);
}

void Reader::check_schema(std::string_view expected_schema) const {
  const Reader schema = at("schema");
  if (schema.string() != expected_schema) schema.expected(fmt::format("\"{}\"", expected_schema));
}

}  // namespace jobmedic::json
