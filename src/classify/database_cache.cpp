#include "classify/database_cache.hpp"

#include <algorithm>
#include <map>

#include "classify/cache_folder.hpp"
#include "core/hash.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::classify {
namespace {

constexpr std::string_view format = "jobmedic rules 7";  // another number where filters are made in another way

// Everything that the compiled form depends on.
std::string key_of(std::span<const Pattern> patterns) {
  std::string text;
  text.reserve(patterns.size() * 128);
  text.append(format);
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

std::optional<Database> read_cached(const CacheFolder& cache, const std::string& key, std::size_t pattern_count) {
  const auto content = cache.read(key);
  if (!content) return std::nullopt;
  try {
    return Database::deserialize(*content, pattern_count);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

CachedDatabase open_database(std::span<const Pattern> patterns, const CacheFolder& cache) {
  const bool nothing =
      std::all_of(patterns.begin(), patterns.end(), [](const Pattern& it) { return it.regex.empty(); });
  if (nothing) return {Database::compile(patterns), true};
  const std::string key = key_of(patterns);
  if (auto cached = read_cached(cache, key, patterns.size())) return {std::move(*cached), true};
  CachedDatabase fresh{Database::compile(patterns), false};
  cache.write(key, fresh.database.serialize());
  return fresh;
}

}  // namespace jobmedic::classify
