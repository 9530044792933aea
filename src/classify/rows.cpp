#include "classify/rows.hpp"

#include <algorithm>

#include "classify/line_breaks.hpp"

namespace jobmedic::classify {
namespace {

// Offset of the next line break, or the text's end.
std::size_t line_end(std::string_view text, std::size_t from) {
  return std::min(text.find('\n', from), text.size());
}

// Calls visit(start) for each row of the line [begin, end).
template <typename Visit>
void each_row(std::size_t begin, std::size_t end, Visit visit) {
  for (; end - begin > window_limit; begin += row_step) visit(begin);
  visit(begin);
}

// Start of the line that lies `lines` - 1 lines before the last one, which is not complete.
std::size_t open_line(std::string_view text, int lines) {
  std::size_t end = text.size();
  for (; lines > 0; --lines) {
    const std::size_t found = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
    if (found == std::string_view::npos) return 0;
    end = found;
  }
  return end + 1;
}

}  // namespace

std::size_t settled_bytes(const Block& block, int lines) {
  const std::string_view text = block.text;
  if (block.ends_log) return text.size();
  std::size_t line = open_line(text, lines);
  // Windows shorter than the limit may still grow, and only the byte after a full one tells whether a line ends there.
  const auto full = [&](std::size_t start) { return start + window_limit < text.size(); };
  while (line < text.size() && full(line)) {
    const std::size_t end = line_end(text, line);
    std::size_t unsettled = std::string_view::npos;
    each_row(line, end, [&](std::size_t start) {
      if (unsettled == std::string_view::npos && !full(start)) unsettled = start;
    });
    if (unsettled != std::string_view::npos) return unsettled;
    line = end + 1;
  }
  return std::min(line, text.size());
}

Rows::Rows(const Block& block) : block_(block) {
  const std::string_view text = block.text;
  std::uint32_t line = 0;
  std::size_t begin = 0;
  const auto add_line = [&](std::size_t end) {
    each_row(begin, end, [&](std::size_t start) { rows_.push_back({static_cast<std::uint32_t>(start), line}); });
    begin = end + 1;
    ++line;
  };
  rows_.reserve(text.size() / 64);
  each_line_break(text, add_line);
  if (begin < text.size()) add_line(text.size());
}

std::size_t Rows::at(std::size_t offset) const {
  const auto after = std::upper_bound(rows_.begin(), rows_.end(), offset,
                                      [](std::size_t value, const Row& row) { return value < row.start; });
  return static_cast<std::size_t>(after - rows_.begin()) - 1;
}

std::size_t Rows::first_reaching(std::size_t offset, Range among, int lines) const {
  const std::size_t row_line = rows_[among.last].line;
  std::size_t row = among.last;
  while (row > among.first && row_line - rows_[row - 1].line < static_cast<std::size_t>(lines) &&
         rows_[row - 1].start + window_limit >= offset) {
    --row;
  }
  return row;
}

Window Rows::window(std::size_t row, int lines) const {
  const std::size_t begin = rows_[row].start;
  const std::size_t limit = begin + window_limit;
  const std::size_t past_line = rows_[row].line + static_cast<std::size_t>(lines);
  std::size_t next = row + 1;
  while (next < rows_.size() && rows_[next].line < past_line && rows_[next].start <= limit) ++next;
  const std::string_view text = block_.text;
  const bool closed = text.ends_with('\n');
  const std::size_t line_end = next < rows_.size() ? rows_[next].start - 1 : text.size() - (closed ? 1 : 0);
  const bool line_known = next == rows_.size() || rows_[next].line >= past_line;
  const std::size_t end = line_known ? std::min(line_end, limit) : limit;

  Window window;
  window.text = text.substr(begin, end - begin);
  window.last_begin = (row + 1 < rows_.size() ? rows_[row + 1].start - 1 : text.size()) - begin;
  window.begins_log = row == 0 && block_.begins_log;
  window.preceded = row > 0;
  window.begins_line = row == 0 ? block_.begins_line : !continues_line(row);
  window.ends_line = end < text.size() ? text[end] == '\n' : block_.ends_log;
  return window;
}

}  // namespace jobmedic::classify
