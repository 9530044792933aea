#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/wrapped_lines.hpp"

namespace jobmedic::classify {

/// A log as its rules see it: without '\r' before '\n', without what tools wrap lines in (wrapped_lines.hpp), and
/// without terminals' colours (control sequences of ECMA-48: ESC [ ... and a letter). Holds what has arrived and is not
/// consumed yet, and knows where in the log each byte of it stands.
class PlainText {
 public:
  /// More of the log; `last`: nothing follows.
  void append(std::string_view data, bool last);
  [[nodiscard]] std::string_view text() const { return buffer_; }
  void consume(std::size_t count);

  /// Whether what follows in the log is plain as it is, so that it need not be appended: a block, or all that is left.
  [[nodiscard]] bool passes(std::string_view piece);
  /// So many bytes of it are done with.
  void pass(std::size_t count) { offset_ += count; }

  /// Where in the log a byte of text(), or of a piece that passes, stands.
  [[nodiscard]] std::uint64_t offset(std::size_t at) const;
  [[nodiscard]] bool begins_log() const { return offset_ == 0; }

 private:
  void strip(std::string_view data, bool last);
  void unwrap(std::string_view data, bool last);
  void append_line_begin();
  void append_lines(std::string_view data);
  bool continue_sequence(char c, std::size_t& size);

  struct Removed {
    std::uint32_t before;  // the offset in buffer_ of what follows them
    std::uint32_t bytes;
  };
  [[nodiscard]] std::vector<Removed>::const_iterator removed_after(std::size_t at) const;

  std::string buffer_;
  std::vector<Removed> removed_;  // in order
  std::uint64_t offset_ = 0;      // where buffer_ begins
  std::string head_;              // the log's first bytes, until they tell whether lines may be wrapped
  std::string line_begin_;        // the beginning of one that may be, until it tells
  std::optional<Wrapper> wrapper_;
  bool at_line_begin_ = true;
  bool pending_return_ = false;  // a '\r' that may turn out to precede '\n'
  std::string sequence_;         // the beginning of a control sequence, until its last byte
};

}  // namespace jobmedic::classify
