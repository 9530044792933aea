// Most failures are a folder of a few small logs: those are read into one buffer and classified from there, with a
// handful of system calls each. Whatever is not so plain goes the way of a single classify.
#include "cli/bulk_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>

#include "cli/arguments.hpp"
#include "cli/logs.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20U;  // what is larger is read in pieces

struct Close {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, Close>;

struct Listing {
  std::vector<std::string> logs;  // by name
  bool attempt = false;
  bool meta = false;
  bool plain = true;  // nothing but logs whose names are their own, and documents
};

bool is_plain_log(std::string_view name) {
  return name.size() > 7 && (name.ends_with(".stdout") || name.ends_with(".stderr"));
}

Listing list(DIR* folder) {
  Listing listing;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name.starts_with('.')) continue;
    if (name == "attempt.json") listing.attempt = true;
    if (name == "meta.json") listing.meta = true;
    if (name.ends_with(".json")) continue;
    if (entry->d_type != DT_REG || !is_plain_log(name)) listing.plain = false;
    listing.logs.emplace_back(name);
  }
  std::sort(listing.logs.begin(), listing.logs.end());
  return listing;
}

// {"exit_code": 137} of whoever ran the job, in a document of his own.
std::optional<Attempt> attempt_of_meta(const std::string& path, std::vector<std::string>& notes) {
  try {
    const json::Value meta = json::parse(read_text(path + "/meta.json"));
    const auto code = json::Reader(meta).find("exit_code");
    if (!code) return std::nullopt;
    Attempt attempt;
    attempt.job = path;
    attempt.outcome.emplace();
    attempt.outcome->exit_code = code->integer();
    return attempt;
  } catch (const Error& error) {
    notes.push_back(fmt::format("meta.json was not used: {}", error.what()));
    return std::nullopt;
  }
}

bool may_be_compressed(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b") || bytes.starts_with("\x28\xb5\x2f\xfd");
}

}  // namespace

Classification BulkFolder::classify(const std::string& path) {
  const Folder folder(::opendir(path.c_str()));
  std::vector<std::string> notes;
  std::optional<Attempt> attempt;
  bool whole = false;
  if (folder) {
    const Listing listing = list(folder.get());
    if (listing.attempt) {
      attempt = read_attempt(path + "/attempt.json");
    } else if (listing.meta) {
      attempt = attempt_of_meta(path, notes);
    }
    whole = listing.plain && !listing.logs.empty() && read_whole(::dirfd(folder.get()), listing.logs);
  }
  const Attempt* const failed = attempt ? &*attempt : nullptr;
  Classification verdict = whole ? classify_parts(failed) : read_logs(classifier_.scan(failed), logs_at(path), failed);
  verdict.notes.insert(verdict.notes.end(), notes.begin(), notes.end());
  return verdict;
}

bool BulkFolder::read_whole(int folder, const std::vector<std::string>& names) {
  bytes_.resize(most_bytes);
  used_ = 0;
  parts_.clear();
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) { return read_part(folder, name); });
}

// False: the other way has to tell why not, or can do better.
bool BulkFolder::read_part(int folder, const std::string& name) {
  const int file = ::openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return false;
  ssize_t count = 0;
  do {
    count = ::read(file, bytes_.data() + used_, bytes_.size() - used_);
  } while (count < 0 && errno == EINTR);
  ::close(file);
  if (count < 0 || static_cast<std::size_t>(count) == bytes_.size() - used_) return false;
  const std::size_t begin = used_;
  used_ += static_cast<std::size_t>(count);
  parts_.push_back({name, begin, used_});
  return !may_be_compressed({bytes_.data() + begin, used_ - begin});
}

Classification BulkFolder::classify_parts(const Attempt* attempt) const {
  std::vector<Log> logs;
  for (const Part& part : parts_) logs.push_back({part.name, {bytes_.data() + part.begin, part.end - part.begin}});
  return classifier_.classify(logs, attempt);
}

}  // namespace jobmedic::cli
