#include "classify/cache_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <system_error>

#include "core/file.hpp"
#include "core/hash.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::classify {
namespace {

namespace fs = std::filesystem;
using Clock = fs::file_time_type::clock;
constexpr std::size_t hash_size = 32;
constexpr std::size_t largest_file = std::size_t{256} << 20U;
constexpr std::string_view ending = ".rules";
constexpr auto month = std::chrono::hours(24 * 30);
constexpr auto day = std::chrono::hours(24);

fs::path default_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return fs::path(cache) / "jobmedic";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return fs::path(home) / ".cache" / "jobmedic";
  return {};
}

// A folder that others may write to could hold an automaton that was made to harm.
bool only_we_write(const fs::path& folder) {
  struct stat status {};
  return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & 0022U) == 0;
}

fs::path file_in(const fs::path& folder, std::string_view name) {
  return folder / std::string(name).append(ending);
}

// The time of a file is when it was last of use, to the day.
void mark_as_read(const fs::path& file) {
  std::error_code error;
  const auto last = fs::last_write_time(file, error);
  if (!error && Clock::now() - last > day) fs::last_write_time(file, Clock::now(), error);
}

}  // namespace

CacheFolder::CacheFolder(const RuleCache& cache) {
  if (!cache.use) return;
  const fs::path folder = cache.directory.empty() ? default_folder() : cache.directory;
  if (folder.empty()) return;
  std::error_code ignored;
  fs::create_directories(folder.parent_path(), ignored);
  ::mkdir(folder.c_str(), 0700);
  if (only_we_write(folder)) folder_ = folder;
}

std::optional<std::string> CacheFolder::read(std::string_view name) const {
  if (folder_.empty()) return std::nullopt;
  const fs::path file = file_in(folder_, name);
  try {
    std::string bytes = read_file(file, largest_file);
    if (bytes.size() < hash_size) return std::nullopt;
    const std::size_t size = bytes.size() - hash_size;
    if (hash128_hex(std::string_view(bytes).substr(0, size)) != std::string_view(bytes).substr(size)) {
      return std::nullopt;
    }
    bytes.resize(size);
    mark_as_read(file);
    return bytes;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void CacheFolder::write(std::string_view name, std::string content) const {
  if (folder_.empty()) return;
  try {
    content += hash128_hex(content);
    write_file_atomically(file_in(folder_, name), content);
    forget_unread();
  } catch (const Error&) {  // what cannot be written is made again next time
  }
}

void CacheFolder::forget_unread() const {
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    const auto last = entry->last_write_time(ignored);
    if (ignored || Clock::now() - last < month || !entry->is_regular_file(ignored)) continue;
    fs::remove(entry->path(), ignored);
  }
}

}  // namespace jobmedic::classify
