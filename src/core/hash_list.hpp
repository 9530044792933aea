#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Hashes as a text that fits into a document: sixteen hexadecimal digits each, nothing between them.
namespace jobmedic {

std::string write_hashes(const std::vector<std::uint64_t>& hashes);
/// None where the text is no such list.
std::optional<std::vector<std::uint64_t>> read_hashes(std::string_view text);

}  // namespace jobmedic
