#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "handle.hpp"
#include "jobmedic/attempt.hpp"
#include "jobmedic/changes.hpp"
#include "jobmedic/error.hpp"

/// Arguments of C functions, checked. Every function throws Error: invalid_argument, naming the argument.
namespace jobmedic::capi {

[[noreturn]] void refuse(std::string_view argument, const std::string& problem);
void require(std::string_view argument, const void* pointer);
/// Throws Error: forked.
[[noreturn]] void refuse_forked(std::string_view argument);

/// A handle that is there and was made by this process.
template <typename T>
T& use(std::string_view argument, T* handle) {
  static_assert(std::is_base_of_v<Handle, T>);
  require(argument, handle);
  if (handle->forked()) refuse_forked(argument);
  return *handle;
}

/// (pointer, size) that may be (NULL, 0).
std::string_view bytes(std::string_view argument, const char* data, std::size_t size);
/// (pointer, size) that may not be NULL.
std::string_view text(std::string_view argument, const char* data, std::size_t size);
/// (pointer, size) where (NULL, 0) is an empty JSON object.
std::string_view options(std::string_view argument, const char* data, std::size_t size);

/// What `parse` makes of a document; its errors begin with the argument's name.
template <typename Parse>
auto parse_as(std::string_view argument, Parse&& parse) {
  try {
    return parse();
  } catch (const Error& error) {
    throw error.within(argument);
  }
}

/// jobmedic.attempt/1.
Attempt attempt(const char* data, std::size_t size);
/// {"by", "reason"}, where (NULL, 0) is the user of this process.
Author author(std::string_view argument, const char* data, std::size_t size);
/// An attempt, where (NULL, 0) is none.
std::optional<Attempt> optional_attempt(const char* data, std::size_t size);

}  // namespace jobmedic::capi
