// Input: a document, a zero byte, a patch. The patch is applied, as JSON Patch and as merge patch; then it is taken for
// a second document, and the difference between the two has to lead from one to the other.
#include <cstdlib>
#include <optional>
#include <string>

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "json/value.hpp"

using namespace jobmedic;

namespace {

void apply(std::string_view document, std::string_view patch) {
  try {
    static_cast<void>(json::parse(apply_patch(document, patch)));  // whatever comes out is a document again
  } catch (const Error& error) {
    if (error.status() == Status::internal) std::abort();
  }
}

// What `make` answers; none where an input is no document, which is all that may be wrong.
template <typename Make>
std::optional<std::string> unless_malformed(const Make& make) {
  try {
    return make();
  } catch (const Error& error) {
    if (error.status() != Status::parse) std::abort();
    return std::nullopt;
  }
}

void merge(std::string_view document, std::string_view patch) {
  const auto merged = unless_malformed([&] { return apply_merge_patch(document, patch); });
  if (merged && apply_merge_patch(*merged, patch) != *merged) std::abort();  // a second time it changes nothing
}

void compare(std::string_view from, std::string_view to) {
  const auto patch = unless_malformed([&] { return diff(from, to); });
  if (patch && !(json::parse(apply_patch(from, *patch)) == json::parse(to))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t split = input.find('\0');
  if (split == std::string_view::npos) return 0;
  apply(input.substr(0, split), input.substr(split + 1));
  merge(input.substr(0, split), input.substr(split + 1));
  compare(input.substr(0, split), input.substr(split + 1));
  return 0;
}
