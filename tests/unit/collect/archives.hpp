#pragma once
#include <fstream>
#include <string>
#include <string_view>

#include "../temporary_folder.hpp"

/// Compressed bytes, made by the libraries themselves.
std::string gzip_of(std::string_view bytes);
std::string zstd_of(std::string_view bytes);

inline std::filesystem::path write(const TemporaryFolder& folder, const std::string& name, std::string_view bytes) {
  const std::filesystem::path path = folder.path() / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}
