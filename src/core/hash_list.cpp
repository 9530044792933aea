#include "core/hash_list.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace jobmedic {
namespace {

constexpr std::size_t digits = 16;
constexpr int base = 16;

}  // namespace

std::string write_hashes(const std::vector<std::uint64_t>& hashes) {
  std::string text;
  text.reserve(hashes.size() * digits);
  for (const std::uint64_t hash : hashes) text += fmt::format("{:016x}", hash);
  return text;
}

std::optional<std::vector<std::uint64_t>> read_hashes(std::string_view text) {
  if (text.size() % digits != 0) return std::nullopt;
  std::vector<std::uint64_t> hashes(text.size() / digits);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const std::string_view one = text.substr(i * digits, digits);
    const auto [end, problem] = std::from_chars(one.data(), one.data() + digits, hashes[i], base);
    if (problem != std::errc() || end != one.data() + digits) return std::nullopt;
  }
  return hashes;
}

}  // namespace jobmedic
