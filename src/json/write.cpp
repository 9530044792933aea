#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <charconv>
#include <cmath>

#include "json/value.hpp"

namespace jobmedic::json {
namespace {

// The shortest digits that read back as the same double, always recognisable as one ("2.0").
template <typename Writer>
void write_double(double value, Writer& writer) {
  if (!std::isfinite(value)) {  // JSON has none; only a bug or an unknown figure brings one here
    writer.Null();
    return;
  }
  char text[32];
  char* end = std::to_chars(text, text + sizeof text - 2, value).ptr;
  if (std::string_view(text, static_cast<std::size_t>(end - text)).find_first_of(".e") == std::string_view::npos) {
    *end++ = '.';
    *end++ = '0';
  }
  writer.RawValue(text, static_cast<std::size_t>(end - text), rapidjson::kNumberType);
}

// Recursion is bounded: parse() and apply_patch() refuse what is deeper than max_depth.
template <typename Writer>
void write_value(const Value& value, Writer& writer) {
  if (const auto* b = value.as<bool>()) {
    writer.Bool(*b);
  } else if (const auto* i = value.as<std::int64_t>()) {
    writer.Int64(*i);
  } else if (const auto* u = value.as<std::uint64_t>()) {
    writer.Uint64(*u);
  } else if (const auto* d = value.as<double>()) {
    write_double(*d, writer);
  } else if (const auto* s = value.as<std::string>()) {
    writer.String(s->data(), static_cast<rapidjson::SizeType>(s->size()));
  } else if (const auto* array = value.as<Array>()) {
    writer.StartArray();
    for (const Value& element : *array) write_value(element, writer);
    writer.EndArray();
  } else if (const auto* object = value.as<Object>()) {
    writer.StartObject();
    for (const auto& [name, member] : *object) {
      writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
      write_value(member, writer);
    }
    writer.EndObject();
  } else {
    writer.Null();
  }
}

}  // namespace

std::string write(const Value& value, int indent) {
  rapidjson::StringBuffer buffer;
  if (indent > 0) {
    rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
    writer.SetIndent(' ', static_cast<unsigned>(indent));
    write_value(value, writer);
  } else {
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    write_value(value, writer);
  }
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace jobmedic::json
