#include "arguments.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "json/reader.hpp"

namespace jobmedic::capi {
namespace {

std::string detail_of(std::string_view argument) {
  return json::write(json::object({{"argument", argument}}));
}

}  // namespace

void refuse(std::string_view argument, const std::string& problem) {
  throw Error(Status::invalid_argument, fmt::format("{}: {}", argument, problem), detail_of(argument));
}

void require(std::string_view argument, const void* pointer) {
  if (pointer == nullptr) refuse(argument, "is NULL");
}

void refuse_forked(std::string_view argument) {
  throw Error(
      Status::forked,
      fmt::format("{}: was made before fork(), in the parent process: make a new one in this process", argument),
      detail_of(argument));
}

std::string_view bytes(std::string_view argument, const char* data, std::size_t size) {
  if (size > PTRDIFF_MAX) refuse(argument, fmt::format("{} bytes is no possible size", size));
  if (data == nullptr && size != 0) refuse(argument, fmt::format("is NULL, but its size is {}", size));
  return {data, size};
}

std::string_view text(std::string_view argument, const char* data, std::size_t size) {
  require(argument, data);
  return bytes(argument, data, size);
}

std::string_view options(std::string_view argument, const char* data, std::size_t size) {
  const std::string_view given = bytes(argument, data, size);
  return given.data() == nullptr ? "{}" : given;
}

Attempt attempt(const char* data, std::size_t size) {
  const std::string_view json = text("attempt", data, size);
  return parse_as("attempt", [&] { return Attempt::parse(json); });
}

std::optional<Attempt> optional_attempt(const char* data, std::size_t size) {
  if (data == nullptr && size == 0) return std::nullopt;
  return attempt(data, size);
}

Author author(std::string_view argument, const char* data, std::size_t size) {
  const std::string_view json = options(argument, data, size);
  return parse_as(argument, [&] {
    const json::Value document = json::parse(json);
    const json::Reader in(document);
    return Author{in.string_or("by", ""), in.string_or("reason", "")};
  });
}

}  // namespace jobmedic::capi
