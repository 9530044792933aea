#include "classify/database_cache.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>

#include "core/file.hpp"
#include "core/hash.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::classify {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view magic = "jobmedic rules 4\n";
constexpr std::size_t hash_size = 32;
constexpr std::size_t largest_file = std::size_t{256} << 20U;

fs::path default_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return fs::path(cache) / "jobmedic";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return fs::path(home) / ".cache" / "jobmedic";
  return {};
}

// A folder that others may write to could hold an automaton that was made to harm.
bool is_private(const fs::path& folder) {
  struct stat status {};
  return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & 0777U) == 0700U;
}

// The folder, made if need be; empty where it cannot be used.
fs::path usable_folder(const ClassifierOptions& options) {
  if (!options.use_cache) return {};
  fs::path folder = options.cache_directory.empty() ? default_folder() : options.cache_directory;
  if (folder.empty()) return {};
  std::error_code ignored;
  fs::create_directories(folder.parent_path(), ignored);
  ::mkdir(folder.c_str(), 0700);
  return is_private(folder) ? folder : fs::path();
}

// Everything that the compiled form depends on.
std::string key_of(std::span<const Pattern> patterns) {
  std::string text;
  text.reserve(patterns.size() * 128);
  text += scanner_version() + '\0' + scanner_cpu().value_or("none") + '\0';
  const auto add = [&](std::string_view part) { text.append(std::to_string(part.size())).append(":").append(part); };
  std::map<std::string_view, std::size_t> frames;  // many patterns stand within the same: written once
  for (const Pattern& pattern : patterns) {
    const auto [frame, is_new] = frames.emplace(pattern.frame, frames.size());
    if (is_new) add(frame->first);
    text += std::to_string(frame->second);
    add(pattern.regex);
    add(pattern.flags);
  }
  return hash128_hex(text);
}

std::optional<Database> read_cached(const fs::path& file, std::size_t pattern_count) {
  try {
    const std::string bytes = read_file(file, largest_file);
    if (!bytes.starts_with(magic) || bytes.size() < magic.size() + hash_size) return std::nullopt;
    const std::string_view hash = std::string_view(bytes).substr(magic.size(), hash_size);
    const std::string_view content = std::string_view(bytes).substr(magic.size() + hash_size);
    if (hash128_hex(content) != hash) return std::nullopt;
    return Database::deserialize(content, pattern_count);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void write_cached(const fs::path& file, const Database& database) {
  try {
    const std::string content = database.serialize();
    write_file_atomically(file, std::string(magic) + hash128_hex(content) + content);
  } catch (const Error&) {  // a cache that cannot be written is compiled again next time
  }
}

}  // namespace

CachedDatabase open_database(std::span<const Pattern> patterns, const ClassifierOptions& options) {
  const bool nothing =
      std::all_of(patterns.begin(), patterns.end(), [](const Pattern& it) { return it.regex.empty(); });
  if (nothing) return {Database::compile(patterns), true};
  const fs::path folder = usable_folder(options);
  if (folder.empty()) return {Database::compile(patterns), false};
  const fs::path file = folder / (key_of(patterns) + ".rules");
  if (auto cached = read_cached(file, patterns.size())) return {std::move(*cached), true};
  CachedDatabase fresh{Database::compile(patterns), false};
  write_cached(file, fresh.database);
  return fresh;
}

}  // namespace jobmedic::classify
