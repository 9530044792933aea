#include "cli/bulk_paths.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "jobmedic/error.hpp"

namespace jobmedic::cli {
namespace {

namespace fs = std::filesystem;

// More of standard input; false at its end.
bool read_more(std::string& text) {
  std::array<char, std::size_t{64} * 1024> piece;
  ssize_t count = 0;
  do {
    count = ::read(STDIN_FILENO, piece.data(), piece.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw Error(Status::io, "standard input: " + std::generic_category().message(errno));
  text.append(piece.data(), static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace

BulkPaths::BulkPaths(std::vector<std::string> arguments, bool each)
    : arguments_(arguments.begin(), arguments.end()),
      count_(arguments_.size()),
      each_(each),
      any_input_(std::find(arguments_.begin(), arguments_.end(), "-") != arguments_.end()) {}

std::optional<BulkPaths::Item> BulkPaths::next() {
  while (waiting_.empty()) {
    auto argument = next_argument();
    if (!argument) return std::nullopt;
    if (!each_) return Item{*std::move(argument)};
    expand(*argument);
  }
  Item item = std::move(waiting_.front());
  waiting_.pop_front();
  return item;
}

std::optional<std::size_t> BulkPaths::total() const {
  if (each_ || any_input_) return std::nullopt;
  return count_;
}

std::optional<std::string> BulkPaths::next_argument() {
  while (true) {
    if (from_input_) {
      if (auto line = next_line()) return line;
      from_input_ = false;
    }
    if (arguments_.empty()) return std::nullopt;
    std::string argument = std::move(arguments_.front());
    arguments_.pop_front();
    if (argument != "-") return argument;
    from_input_ = true;
  }
}

// The next line that is not empty.
std::optional<std::string> BulkPaths::next_line() {
  while (true) {
    const std::size_t end = input_.find('\n');
    if (end == std::string::npos && !input_ended_) {
      input_ended_ = !read_more(input_);
      continue;
    }
    std::string line = input_.substr(0, end);
    input_.erase(0, end == std::string::npos ? end : end + 1);
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) return line;
    if (input_.empty() && input_ended_) return std::nullopt;
  }
}

void BulkPaths::expand(const std::string& parent) {
  std::error_code code;
  for (fs::directory_iterator entry(parent, code), end; !code && entry != end; entry.increment(code)) {
    std::error_code ignored;
    const bool hidden = entry->path().filename().string().starts_with('.');
    if (!hidden && entry->is_directory(ignored)) waiting_.push_back({entry->path().string()});
  }
  std::sort(waiting_.begin(), waiting_.end(), [](const Item& a, const Item& b) { return a.path < b.path; });
  if (code) {
    waiting_.push_back({parent, parent + ": " + code.message()});
  } else if (waiting_.empty()) {
    waiting_.push_back({parent, parent + ": no folders in this folder"});
  }
}

}  // namespace jobmedic::cli
