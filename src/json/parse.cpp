#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_set>

#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic::json {
namespace {

// Numbers arrive as text, because RapidJSON would round integers beyond 64 bits to doubles.
constexpr unsigned flags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;

std::optional<Value> number(std::string_view text) {
  const char* end = text.data() + text.size();
  if (text.find_first_of(".eE") == std::string_view::npos && text != "-0") {
    std::int64_t integer = 0;
    if (const auto [at, code] = std::from_chars(text.data(), end, integer); code == std::errc() && at == end)
      return integer;
    std::uint64_t natural = 0;
    if (const auto [at, code] = std::from_chars(text.data(), end, natural); code == std::errc() && at == end)
      return natural;
    return std::nullopt;
  }
  double real = 0;
  if (const auto [at, code] = std::from_chars(text.data(), end, real); code == std::errc() && at == end) return real;
  return std::nullopt;
}

// Builds the value bottom-up; returning false stops the reader, `problem` then says why.
class Builder {
 public:
  bool Null() { return add(Value()); }
  bool Bool(bool b) { return add(Value(b)); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    auto value = number({text, size});
    if (!value) {
      problem = fmt::format("number {:.40} is beyond 64-bit integers and doubles", std::string_view(text, size));
      return false;
    }
    return add(std::move(*value));
  }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) { return add(Value(std::string(text, size))); }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    Level& level = levels_.back();
    auto& members = *level.value.as<Object>();
    const std::string_view name(text, size);
    // A hash set only where a linear look would be slow.
    bool taken = false;
    if (members.size() < 32) {
      taken = std::any_of(members.begin(), members.end(), [&](const Member& m) { return m.first == name; });
    } else {
      if (level.names.empty()) {
        for (const Member& member : members) level.names.insert(member.first);
      }
      taken = !level.names.emplace(name).second;
    }
    if (taken) {
      problem = fmt::format("member \"{:.80}\" occurs twice", name);
      return false;
    }
    members.emplace_back(std::string(name), Value());
    return true;
  }
  bool StartObject() { return open(Value(Object())); }
  bool EndObject(rapidjson::SizeType /*count*/) { return close(); }
  bool StartArray() { return open(Value(Array())); }
  bool EndArray(rapidjson::SizeType /*count*/) { return close(); }
  // With kParseNumbersAsStringsFlag these never come, but the reader's template names them.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  Value root;
  std::string problem;

 private:
  struct Level {
    Value value;
    std::unordered_set<std::string> names;
  };

  bool open(Value value) {
    if (levels_.size() >= max_depth) {
      problem = fmt::format("nested deeper than {} levels", max_depth);
      return false;
    }
    levels_.push_back({std::move(value), {}});
    return true;
  }
  bool close() {
    Value value = std::move(levels_.back().value);
    levels_.pop_back();
    return add(std::move(value));
  }
  bool add(Value value) {
    if (levels_.empty()) {
      root = std::move(value);
    } else if (auto* array = levels_.back().value.as<Array>()) {
      array->push_back(std::move(value));
    } else {
      levels_.back().value.as<Object>()->back().second = std::move(value);
    }
    return true;
  }

  std::vector<Level> levels_;
};

}  // namespace

Value parse(std::string_view text) {
  Builder builder;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
  if (!result.IsError()) return std::move(builder.root);
  const std::string reason = builder.problem.empty() ? rapidjson::GetParseError_En(result.Code()) : builder.problem;
  throw Error(Status::parse, fmt::format("byte {}: {}", result.Offset(), reason),
              write(object({{"offset", std::uint64_t{result.Offset()}}})));
}

}  // namespace jobmedic::json
