#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "classify/regex.hpp"

// What a rule sees of a log. Line breaks are '\n'; the scanner took the '\r' before one out already.
// A row is where a match may begin: a line of at most 64 KiB, or every 32 KiB of a longer one, as long as more than
// 64 KiB of it are left. The window of a row reaches from its start to the end of the rule's last line, at most 64 KiB.
// A match belongs to the row in which it begins. So a match of up to 32 KiB is found in a line of any length, and
// nothing depends on how the log was cut into pieces.
namespace jobmedic::classify {

constexpr int frame_lines = 64;      // that a frame spans
constexpr int sign_lines = 4;        // of them above where one is told that is looked for by itself
constexpr int last_words_lines = 3;  // of a log, not counting empty ones
constexpr int most_lines = 256;      // that a rule may span: Spark 4 tells the cause below 200 lines of calls
constexpr std::size_t window_limit = std::size_t{64} * 1024;
constexpr std::size_t row_step = std::size_t{32} * 1024;

/// Consecutive bytes of a log that begin with a row.
struct Block {
  std::string_view text;
  bool begins_line = true;  ///< false: its first row lies inside a long line
  bool begins_log = true;   ///< false: there was something before
  bool ends_log = true;     ///< false: more may follow
};

/// How many bytes of the block hold rows whose windows of `lines` lines nothing that follows can change.
std::size_t settled_bytes(const Block& block, int lines);

class Rows {
 public:
  explicit Rows(const Block& block);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] std::size_t start(std::size_t row) const { return rows_[row].start; }
  /// Line breaks between the block's start and the row.
  [[nodiscard]] std::size_t line(std::size_t row) const { return rows_[row].line; }
  /// Whether the row lies in the line of the row before.
  [[nodiscard]] bool continues_line(std::size_t row) const { return row > 0 && line(row - 1) == line(row); }
  /// The row that holds the byte offset.
  [[nodiscard]] std::size_t at(std::size_t offset) const;
  struct Range {
    std::size_t first;
    std::size_t last;
  };
  /// The first row of `among` whose window of `lines` lines may hold a match that ends at `offset`, which lies in its
  /// last row.
  [[nodiscard]] std::size_t first_reaching(std::size_t offset, Range among, int lines) const;
  [[nodiscard]] Window window(std::size_t row, int lines) const;

 private:
  struct Row {
    std::uint32_t start;
    std::uint32_t line;
  };
  Block block_;
  std::vector<Row> rows_;
};

}  // namespace jobmedic::classify
