#pragma once
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "json/value.hpp"

// Reading events leniently: a member that is absent or of another type counts as absent.
namespace jobmedic::collect {

/// The member at the end of `path`, or null.
inline const json::Value* member(const json::Value& value, std::initializer_list<std::string_view> path) {
  const json::Value* at = &value;
  for (const std::string_view name : path) {
    if (at == nullptr) return nullptr;
    at = at->find(name);
  }
  return at;
}

inline std::string_view text(const json::Value& value, std::initializer_list<std::string_view> path) {
  const json::Value* found = member(value, path);
  const auto* string = found == nullptr ? nullptr : found->as<std::string>();
  return string == nullptr ? std::string_view() : std::string_view(*string);
}

inline std::int64_t integer(const json::Value& value, std::initializer_list<std::string_view> path,
                            std::int64_t otherwise = -1) {
  const json::Value* found = member(value, path);
  const auto* number = found == nullptr ? nullptr : found->as<std::int64_t>();
  return number == nullptr ? otherwise : *number;
}

/// 0 where it is absent; sizes and times are never negative.
inline double amount(const json::Value& value, std::initializer_list<std::string_view> path) {
  const json::Value* found = member(value, path);
  if (found == nullptr) return 0;
  double number = 0;
  if (const auto* i = found->as<std::int64_t>()) number = static_cast<double>(*i);
  if (const auto* u = found->as<std::uint64_t>()) number = static_cast<double>(*u);
  if (const auto* d = found->as<double>()) number = *d;
  return std::isfinite(number) && number > 0 ? number : 0;
}

}  // namespace jobmedic::collect
