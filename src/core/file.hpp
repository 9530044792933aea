#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace jobmedic {

/// The whole file; for documents, not logs. Throws Error (io) with path and errno, also above `limit` bytes.
std::string read_file(const std::filesystem::path& path, std::size_t limit = std::size_t{256} << 20U);

/// The file in pieces of at most 1 MiB, in order, with constant memory. Works for pipes. Throws Error (io).
void read_pieces(const std::filesystem::path& path, const std::function<void(std::string_view piece)>& visit);

/// All or nothing: written beside `path`, flushed to disk, then renamed over it. `mode`: who may read it.
/// Throws Error (io).
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes, unsigned mode = 0600);

}  // namespace jobmedic
