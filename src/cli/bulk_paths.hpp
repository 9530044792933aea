#pragma once
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace jobmedic::cli {

/// The failures of a bulk run, one path each, in order: the arguments; for "-" the lines of standard input; with `each`
/// the sub-folders of every one of them, by name, hidden ones left out. Read as they are asked for, so that a million
/// need no memory. One thread at a time.
class BulkPaths {
 public:
  BulkPaths(std::vector<std::string> arguments, bool each);

  struct Item {
    std::string path;
    std::string error{};  ///< why it is no failure; empty: it is one
  };
  /// None: that was all. Throws Error (io): standard input.
  std::optional<Item> next();
  /// How many there will be; none where standard input or the folders have yet to tell.
  [[nodiscard]] std::optional<std::size_t> total() const;

 private:
  std::optional<std::string> next_argument();
  std::optional<std::string> next_line();
  void expand(const std::string& parent);

  std::deque<std::string> arguments_;
  const std::size_t count_;
  const bool each_;
  bool from_input_ = false;  // standard input is being read
  const bool any_input_;
  std::deque<Item> waiting_;
  std::string input_;
  bool input_ended_ = false;
};

}  // namespace jobmedic::cli
