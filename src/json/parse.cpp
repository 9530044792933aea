#include <fmt/format.h>
#ifdef __SSE2__
#define RAPIDJSON_SSE2  // strings are copied 16 bytes at a time
#endif
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <unordered_set>

#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic::json {
namespace {

// Numbers arrive as text, because RapidJSON would round integers beyond 64 bits to doubles.
constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;

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
  explicit Builder(std::string_view text, std::size_t depth)
      : depth_(depth),
        may_hold_surrogates_(text.find('\xED') != std::string_view::npos ||
                             text.find("\\u") != std::string_view::npos) {
    names_.reserve(first_room);
    values_.reserve(first_room);
  }
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
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return is_text({text, size}) && add(Value(std::string(text, size)));
  }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    const std::string_view name(text, size);
    if (!is_text(name)) return false;
    if (is_taken(name, levels_.back())) {
      problem = fmt::format("member \"{:.80}\" occurs twice", name);
      return false;
    }
    names_.emplace_back(name);
    return true;
  }
  bool StartObject() { return open(); }
  bool EndObject(rapidjson::SizeType /*count*/) {
    const Level level = close();
    Object members;
    members.reserve(names_.size() - level.first_name);
    for (std::size_t i = 0; level.first_name + i < names_.size(); ++i) {
      members.emplace_back(std::move(names_[level.first_name + i]), std::move(values_[level.first_value + i]));
    }
    names_.resize(level.first_name);
    values_.resize(level.first_value);
    return add(std::move(members));
  }
  bool StartArray() { return open(); }
  bool EndArray(rapidjson::SizeType /*count*/) {
    const auto first = values_.begin() + static_cast<std::ptrdiff_t>(close().first_value);
    Array items(std::make_move_iterator(first), std::make_move_iterator(values_.end()));
    values_.erase(first, values_.end());
    return add(std::move(items));
  }
  // With kParseNumbersAsStringsFlag these never come, but the reader's template names them.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  Value take_root() { return std::move(values_.front()); }
  std::string problem;

 private:
  struct Level {  // an object or array that is open, and where its part of names_ and values_ begins
    std::size_t first_name;
    std::size_t first_value;
    std::unordered_set<std::string> names;
    std::uint64_t seen = 0;  // bit_of() each name so far
  };
  static constexpr std::size_t first_room = 64;

  // RapidJSON takes a lone low surrogate and makes bytes of it that are not UTF-8; only so does 0xED 0xA0 get here.
  bool is_text(std::string_view text) {
    if (!may_hold_surrogates_) return true;
    for (auto at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1)) {
      if (at + 1 == text.size() || static_cast<unsigned char>(text[at + 1]) < 0xA0) continue;
      problem = "half a surrogate pair is no character";
      return false;
    }
    return true;
  }
  // One of 64, by the last letters: names of a configuration differ there.
  static std::uint64_t bit_of(std::string_view name) {
    std::uint64_t last = 0;
    const std::size_t size = std::min(name.size(), sizeof last);
    std::memcpy(&last, name.data() + name.size() - size, size);
    constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio spreads them
    return std::uint64_t{1} << (last * golden >> 58U);
  }
  // A hash set only where a linear look would be slow.
  bool is_taken(std::string_view name, Level& level) const {
    const std::uint64_t bit = bit_of(name);
    const bool may_be_taken = (level.seen & bit) != 0;
    level.seen |= bit;
    if (!may_be_taken && level.names.empty()) return false;
    const auto first = names_.begin() + static_cast<std::ptrdiff_t>(level.first_name);
    if (names_.size() - level.first_name < 32) return std::find(first, names_.end(), name) != names_.end();
    if (level.names.empty()) level.names.insert(first, names_.end());
    return !level.names.emplace(name).second;
  }
  bool open() {
    if (levels_.size() >= depth_) {
      problem = fmt::format("nested deeper than {} levels", depth_);
      return false;
    }
    levels_.push_back({names_.size(), values_.size(), {}});
    return true;
  }
  Level close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    return level;
  }
  bool add(Value value) {
    values_.push_back(std::move(value));
    return true;
  }

  std::size_t depth_;
  bool may_hold_surrogates_;
  std::vector<Level> levels_;
  // Of all open levels, so that each object and array is made once, in its full size.
  std::vector<std::string> names_;
  std::vector<Value> values_;
};

[[noreturn]] void refuse(std::size_t offset, std::string_view reason) {
  throw Error(Status::parse, fmt::format("byte {}: {}", offset, reason),
              write(object({{"offset", std::uint64_t{offset}}})));
}

}  // namespace

Value parse(std::string_view text, std::size_t depth) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const std::size_t start = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  if (const auto invalid = invalid_utf8(text)) refuse(*invalid, "is not UTF-8");
  constexpr std::size_t read_at_once = 16;  // RapidJSON may read that far beyond the zero byte
  std::string terminated;
  terminated.reserve(text.size() + read_at_once);
  terminated.append(text.substr(start)).append(read_at_once, '\0');
  Builder builder(text, depth);
  rapidjson::StringStream stream(terminated.c_str());
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
  std::size_t offset = start + result.Offset();
  std::string_view reason = builder.problem;
  if (!result.IsError()) {
    offset = start + stream.Tell();
    if (offset == text.size()) return builder.take_root();
    reason = "a zero byte ends no document";  // RapidJSON takes it for the end
  } else if (reason.empty()) {
    reason = rapidjson::GetParseError_En(result.Code());
  }
  refuse(offset, reason);
}

Value parse_named(std::string_view name, std::string_view text, std::size_t depth) {
  try {
    return parse(text, depth);
  } catch (const Error& error) {
    throw error.within(name);
  }
}

}  // namespace jobmedic::json
