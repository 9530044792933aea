#include "classify/unrolled_size.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "classify/regex_class.hpp"

namespace jobmedic::classify {
namespace {

constexpr std::size_t largest = std::size_t{1} << 30U;

std::size_t saturated(std::size_t a, std::size_t b) {
  return b != 0 && a > largest / b ? largest : std::min(a * b, largest);
}

// The larger count of "{n}", "{n,}" or "{n,m}" at `at`, which is moved behind it; 1 where there is none.
std::size_t repeats_at(std::string_view regex, std::size_t& at) {
  const std::size_t end = regex.find('}', at);
  if (at >= regex.size() || regex[at] != '{' || end == std::string_view::npos) return 1;
  const char* const last = regex.data() + end;
  std::size_t count = 0;
  auto [after, error] = std::from_chars(regex.data() + at + 1, last, count);
  if (error != std::errc()) return 1;
  if (after != last && *after == ',' && after + 1 != last) {
    std::size_t most = 0;
    if (std::from_chars(after + 1, last, most).ec == std::errc()) count = std::max(count, most);
  }
  at = end + 1;
  return std::max<std::size_t>(count, 1);
}

}  // namespace

std::size_t unrolled_size(std::string_view regex) {
  std::vector<std::size_t> open{0};  // what each group that is open holds so far
  for (std::size_t at = 0; at < regex.size();) {
    std::size_t size = 1;
    if (regex[at] == '(') {
      open.push_back(0);
      ++at;
      continue;
    }
    if (regex[at] == ')' && open.size() > 1) {
      size = open.back();
      open.pop_back();
      ++at;
    } else if (regex[at] == '[') {
      at = class_end(regex, at);
    } else {
      at += regex[at] == '\\' ? 2 : 1;
    }
    open.back() = std::min(open.back() + saturated(size, repeats_at(regex, at)), largest);
  }
  std::size_t sum = 0;
  for (const std::size_t size : open) sum = std::min(sum + size, largest);
  return sum;
}

}  // namespace jobmedic::classify
