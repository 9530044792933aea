// Any bytes are either refused with a parse error, or a value that is written and read back equal.
#include <cstdlib>

#include "jobmedic/error.hpp"
#include "json/value.hpp"

using namespace jobmedic;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  json::Value value;
  try {
    value = json::parse(text);
  } catch (const Error& error) {
    if (error.status() != Status::parse) std::abort();
    return 0;
  }
  if (!(json::parse(json::write(value)) == value)) std::abort();
  if (!(json::parse(json::write(value, 2)) == value)) std::abort();
  return 0;
}
