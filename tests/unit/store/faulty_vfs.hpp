#pragma once
#include <sqlite3.h>

#include "faulty_disk.hpp"

/// SQLite's default VFS in this process as long as it lives: the real one over a faulty disk. Nothing waits for the
/// real disk: a sync is one of the faulty disk's.
class FaultyVfs {
 public:
  explicit FaultyVfs(FaultyDisk& disk);
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;
  ~FaultyVfs();

  struct Under {
    FaultyDisk* disk = nullptr;
    sqlite3_vfs* real = nullptr;
  };

 private:
  Under under_;
  sqlite3_vfs vfs_{};
};
