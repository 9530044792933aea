#include "faulty_disk.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t sector = 512;

// A write in pieces of a sector: the disk knows no larger unit.
std::vector<FaultyDisk::File::Change> sectors_of(const FaultyDisk::File::Change& change) {
  if (change.cuts) return {change};
  std::vector<FaultyDisk::File::Change> pieces;
  for (std::size_t at = 0; at < change.bytes.size();) {
    const std::int64_t offset = change.offset + static_cast<std::int64_t>(at);
    const auto length = static_cast<std::size_t>(sector - offset % sector);
    pieces.push_back({offset, change.bytes.substr(at, length)});
    at += length;
  }
  return pieces;
}

}  // namespace

void FaultyDisk::File::Change::apply_to(std::string& contents) const {
  const auto at = static_cast<std::size_t>(offset);
  if (cuts) {
    if (contents.size() > at) contents.resize(at);
    return;
  }
  if (contents.size() < at + bytes.size()) contents.resize(at + bytes.size());
  contents.replace(at, bytes.size(), bytes);
}

void FaultyDisk::mend() {
  power_ = failing_ = 0;
  lasts_ = fills_ = struck_ = false;
}

bool FaultyDisk::admit(Operation operation) {
  if (dark_) return false;
  const bool changes = operation == Operation::write || operation == Operation::sync ||
                       operation == Operation::truncate || operation == Operation::remove;
  if (changes && power_ != 0 && --power_ == 0) struck_ = dark_ = true;
  if (failing_ != 0 && --failing_ == 0) {
    struck_ = true;
    failing_ = lasts_ ? 1 : 0;
    return false;
  }
  return !dark_;
}

std::shared_ptr<FaultyDisk::File> FaultyDisk::open(const std::string& path) {
  auto& file = folder_[path];
  if (!file) file = std::make_shared<File>();
  return file;
}

std::size_t FaultyDisk::room_for(const File& file, std::int64_t offset, std::size_t bytes) {
  if (!fills_) return bytes;
  const std::int64_t grows = std::max<std::int64_t>(0, offset + static_cast<std::int64_t>(bytes) - file.size);
  if (static_cast<std::size_t>(grows) <= free_) {
    free_ -= static_cast<std::size_t>(grows);
    return bytes;
  }
  struck_ = true;
  return bytes - static_cast<std::size_t>(grows) + std::exchange(free_, 0);
}

bool FaultyDisk::has_room_for_shared(std::size_t bytes) {
  if (!fills_ || bytes <= free_) return true;
  struck_ = true;
  return false;
}

std::size_t FaultyDisk::part_of(std::size_t bytes) {
  return std::uniform_int_distribution<std::size_t>(0, bytes)(random_);
}

void FaultyDisk::written(File& file, std::int64_t offset, std::string bytes) {
  file.size = std::max(file.size, offset + static_cast<std::int64_t>(bytes.size()));
  file.cached.push_back({offset, std::move(bytes)});
}

void FaultyDisk::truncated(File& file, std::int64_t size) {
  file.size = std::min(file.size, size);
  file.cached.push_back({size, {}, true});
}

void FaultyDisk::synced(File& file, bool with_folder) {
  for (const File::Change& change : file.cached) change.apply_to(file.durable);
  file.cached.clear();
  if (with_folder) durable_folder_ = folder_;
}

// As Linux does: what could not be written is taken for clean, and no later sync tries it again.
void FaultyDisk::failed_to_sync(File& file) {
  keep_some(file, 0.5);
}

void FaultyDisk::removed(const std::string& path, bool synced) {
  folder_.erase(path);
  if (synced) durable_folder_ = folder_;
}

bool FaultyDisk::chance(double probability) {
  return std::bernoulli_distribution(probability)(random_);
}

void FaultyDisk::keep_some(File& file, double probability) {
  std::vector<File::Change> kept;
  for (const File::Change& change : file.cached) {
    for (File::Change& piece : sectors_of(change)) {
      if (!chance(probability)) continue;
      if (chance(0.1)) piece.bytes.resize(part_of(piece.bytes.size()));
      kept.push_back(std::move(piece));
    }
  }
  std::shuffle(kept.begin(), kept.end(), random_);
  for (const File::Change& change : kept) change.apply_to(file.durable);
  file.cached.clear();
}

void FaultyDisk::restart() {
  std::set<std::string> names;
  for (const auto& [name, file] : folder_) names.insert(name);
  for (const auto& [name, file] : durable_folder_) names.insert(name);
  Folder survived;
  for (const std::string& name : names) {
    const Folder& one = chance(0.5) ? folder_ : durable_folder_;
    const auto found = one.find(name);
    fs::remove(name);
    fs::remove(name + "-shm");
    if (found == one.end()) continue;
    File& file = *found->second;
    // Nothing and all are as likely as each of the shares in between.
    keep_some(file, std::uniform_int_distribution<>(0, 4)(random_) / 4.0);
    file.size = static_cast<std::int64_t>(file.durable.size());
    std::ofstream(name, std::ios::binary) << file.durable;
    survived.insert(*found);
  }
  folder_ = durable_folder_ = std::move(survived);
  dark_ = false;
  mend();
}
