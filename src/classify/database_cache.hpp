#pragma once
#include <span>

#include "classify/database.hpp"
#include "jobmedic/classify.hpp"

namespace jobmedic::classify {

struct CachedDatabase {
  Database database;
  bool from_cache = false;
};

/// Compiled rules, kept in a folder of the user's between processes. Its name says which rules, libhs and CPU a file is
/// for, its content carries a hash. What is damaged, foreign or not writable is compiled again; nothing fails.
CachedDatabase open_database(std::span<const Pattern> patterns, const ClassifierOptions& options);

}  // namespace jobmedic::classify
