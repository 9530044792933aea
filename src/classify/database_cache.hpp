#pragma once
#include <span>

#include "classify/cache_folder.hpp"
#include "classify/database.hpp"

namespace jobmedic::classify {

struct CachedDatabase {
  Database database;
  bool from_cache = false;
};

/// Compiled rules, kept between processes under a name that says which rules, libhs and CPU they are for.
CachedDatabase open_database(std::span<const Pattern> patterns, const CacheFolder& cache);

}  // namespace jobmedic::classify
