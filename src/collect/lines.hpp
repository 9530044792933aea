#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace jobmedic::collect {

/// Cuts pieces into lines with constant memory: a line longer than `limit` is skipped and counted.
class Lines {
 public:
  explicit Lines(std::size_t limit) : limit_(limit) {}

  /// `visit(line, number)`, numbers counted from 1; without the '\n', and without a '\r' before it.
  template <typename Visit>
  void feed(std::string_view piece, Visit&& visit) {
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      add(piece.substr(0, end));
      piece.remove_prefix(end + 1);
      finish(visit);
    }
    add(piece);
  }
  /// The last line, if no '\n' ended it.
  template <typename Visit>
  void end(Visit&& visit) {
    if (!begun_.empty() || skipping_) finish(visit);
  }
  [[nodiscard]] std::uint64_t count() const { return number_; }
  [[nodiscard]] std::uint64_t too_long() const { return too_long_; }

 private:
  void add(std::string_view text) {
    if (!skipping_ && text.size() <= limit_ - begun_.size()) {
      begun_ += text;
    } else {
      skipping_ = true;
      begun_ = {};
    }
  }
  template <typename Visit>
  void finish(Visit&& visit) {
    ++number_;
    if (skipping_) {
      ++too_long_;
    } else {
      std::string_view line = begun_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      visit(line, number_);
    }
    begun_.clear();
    skipping_ = false;
  }

  std::size_t limit_;
  std::string begun_;
  bool skipping_ = false;
  std::uint64_t number_ = 0;
  std::uint64_t too_long_ = 0;
};

}  // namespace jobmedic::collect
