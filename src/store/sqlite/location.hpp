#pragma once
#include <chrono>
#include <filesystem>
#include <string>

#include "jobmedic/store.hpp"

namespace jobmedic::sqlite {

/// Where a store is and how it was asked for; every connection to it is opened from this.
struct Location {
  std::string url;             ///< as the user gave it, for messages
  std::filesystem::path path;  ///< absolute: a later chdir() must not lead the next connection elsewhere
  StoreOptions options;

  Location(std::string_view url, std::string_view path, StoreOptions options);

  /// The file that holds what is committed but not yet moved into the database.
  [[nodiscard]] std::filesystem::path write_ahead_log() const;
  /// A file: URI that reads the database without locks and without the files beside it.
  [[nodiscard]] std::string immutable_uri() const;
};

/// A database's files as they were at one moment; equal stamps: nobody wrote in between.
struct Stamp {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;
  bool write_ahead_log = false;  ///< there is one, and it is not empty
  bool operator==(const Stamp&) const = default;
};
Stamp stamp(const Location& location);

}  // namespace jobmedic::sqlite
