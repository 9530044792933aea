#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

/// What a disk would still hold if the power failed now: beside the files, which are read and written as ever, it keeps
/// what a sync has made durable and what only the page cache knows. It can also fill up, and fail.
class FaultyDisk {
 public:
  enum class Operation { open, read, write, sync, truncate, remove, look, lock, map };
  struct File;

  explicit FaultyDisk(std::uint64_t seed) : random_(seed) {}

  /// One of these at a time; each until mend() or restart(). Numbers count from now, from 1.
  void lose_power_at(std::size_t change) { power_ = change; }    ///< a write, sync, truncation or deletion
  void fail_at(std::size_t operation) { failing_ = operation; }  ///< of any kind, once
  void fail_from(std::size_t operation) { fail_at(operation), lasts_ = true; }  ///< and every one after it
  void fill_after(std::size_t bytes) { free_ = bytes, fills_ = true; }
  void mend();
  /// What was chosen has happened.
  [[nodiscard]] bool struck() const { return struck_; }
  /// After a power loss, nothing being open: the files are what has survived. Of what was not synced that is any part,
  /// in any order, down to torn sectors; shared memory is gone.
  void restart();

  // What the VFS tells of its operations.
  [[nodiscard]] bool admit(Operation operation);
  [[nodiscard]] bool has_power() const { return !dark_; }
  [[nodiscard]] std::shared_ptr<File> open(const std::string& path);
  /// How many of the bytes find room: all but where the disk fills up.
  [[nodiscard]] std::size_t room_for(const File& file, std::int64_t offset, std::size_t bytes);
  [[nodiscard]] bool has_room_for_shared(std::size_t bytes);  ///< memory, which is a file, too
  [[nodiscard]] bool full() const { return fills_ && struck_; }
  [[nodiscard]] std::size_t part_of(std::size_t bytes);  ///< what a failing write gets done
  void written(File& file, std::int64_t offset, std::string bytes);
  void truncated(File& file, std::int64_t size);
  void synced(File& file, bool with_folder);
  void failed_to_sync(File& file);
  void removed(const std::string& path, bool synced);

 private:
  using Folder = std::map<std::string, std::shared_ptr<File>>;
  bool chance(double probability);
  void keep_some(File& file, double probability);

  std::mt19937_64 random_;
  Folder folder_;
  Folder durable_folder_;  // names are durable once their folder was synced
  std::size_t power_ = 0;
  std::size_t failing_ = 0;
  std::size_t free_ = 0;
  bool lasts_ = false;
  bool fills_ = false;
  bool struck_ = false;
  bool dark_ = false;
};

struct FaultyDisk::File {
  struct Change {
    std::int64_t offset = 0;
    std::string bytes;
    bool cuts = false;  // at the offset
    void apply_to(std::string& contents) const;
  };
  std::string durable;
  std::vector<Change> cached;
  std::int64_t size = 0;
};
