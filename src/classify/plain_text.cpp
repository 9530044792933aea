#include "classify/plain_text.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "classify/line_breaks.hpp"

namespace jobmedic::classify {
namespace {

constexpr char escape = '\x1b';
constexpr std::size_t longest_sequence = 32;
constexpr std::size_t usual_line = 64;  // bytes

}  // namespace

void PlainText::append(std::string_view data, bool last) {
  if (wrapper_) return strip(data, last);
  head_ += data;
  if (head_.size() < head_size && !last) return;
  const std::string head = std::exchange(head_, {});
  wrapper_ = wrapper_of(std::string_view(head).substr(0, head_size));
  strip(head, last);
}

bool PlainText::passes(std::string_view piece) {
  if (!wrapper_ && head_.empty()) wrapper_ = wrapper_of(piece.substr(0, head_size));
  return wrapper_ == Wrapper::none && buffer_.empty() && !pending_return_ && sequence_.empty() &&
         piece.find('\r') == std::string_view::npos && piece.find(escape) == std::string_view::npos;
}

void PlainText::strip(std::string_view data, bool last) {
  if (wrapper_ == Wrapper::none) {
    append_lines(data);
  } else {
    unwrap(data, last);
  }
  if (last) buffer_ += std::exchange(sequence_, {});  // a control sequence that never ended is text
}

// Appends the lines without what wraps them.
void PlainText::unwrap(std::string_view data, bool last) {
  while (!data.empty()) {
    const std::size_t line = std::min(data.find('\n'), data.size() - 1) + 1;
    const std::string_view piece =
        data.substr(0, at_line_begin_ ? std::min(line, longest_wrapper - line_begin_.size()) : line);
    data.remove_prefix(piece.size());
    if (at_line_begin_) {
      line_begin_ += piece;
      if (piece.back() == '\n' || line_begin_.size() == longest_wrapper) append_line_begin();
    } else {
      append_lines(piece);
      at_line_begin_ = piece.back() == '\n';
    }
  }
  if (last) append_line_begin();
}

void PlainText::append_line_begin() {
  const std::string_view line = line_begin_;
  const std::size_t size = wrapper_size(*wrapper_, line);
  if (size > 0) removed_.push_back({static_cast<std::uint32_t>(buffer_.size()), static_cast<std::uint32_t>(size)});
  append_lines(line.substr(size));
  at_line_begin_ = line.ends_with('\n');
  line_begin_.clear();
}

// Whether the byte belongs to the control sequence that has begun; what turns out to be none is text.
bool PlainText::continue_sequence(char c, std::size_t& size) {
  const bool opens = sequence_.size() == 1;
  const bool is_parameter = c >= ' ' && c <= '?' && sequence_.size() < longest_sequence;
  if (opens ? c == '[' : is_parameter) {
    sequence_ += c;
    return true;
  }
  const bool ends = !opens && c >= '@' && c <= '~';
  if (ends) {
    removed_.push_back({static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(sequence_.size() + 1)});
  } else {
    sequence_.copy(buffer_.data() + size, sequence_.size());
    size += sequence_.size();
  }
  sequence_.clear();
  return ends;
}

// Logs with "\r\n" are as common as others: they are copied once, into the buffer's own bytes.
void PlainText::append_lines(std::string_view data) {
  std::size_t size = buffer_.size();
  buffer_.resize(size + sequence_.size() + data.size() + 1);
  const auto end_pending = [&](bool line_ends) {
    if (line_ends) {
      removed_.push_back({static_cast<std::uint32_t>(size) + 1, 1});
    } else {
      buffer_[size++] = '\r';
    }
  };
  for (std::size_t done = 0; done < data.size();) {
    if (pending_return_) end_pending(data[done] == '\n');
    pending_return_ = false;
    if (!sequence_.empty()) {
      if (continue_sequence(data[done], size)) ++done;
      continue;
    }
    const std::size_t copied = copy_until('\r', escape, data.substr(done), buffer_.data() + size);
    size += copied;
    done += copied;
    if (done == data.size()) break;
    if (removed_.empty()) removed_.reserve(1 + (data.size() - done) / usual_line);
    if (data[done] == escape) {
      sequence_ = escape;
    } else {
      pending_return_ = true;
    }
    ++done;
  }
  buffer_.resize(size);
}

// Of what was removed, the first that lies behind the offset.
std::vector<PlainText::Removed>::const_iterator PlainText::removed_after(std::size_t at) const {
  return std::upper_bound(removed_.begin(), removed_.end(), at,
                          [](std::size_t offset, const Removed& removed) { return offset < removed.before; });
}

std::uint64_t PlainText::offset(std::size_t at) const {
  return std::accumulate(removed_.begin(), removed_after(at), offset_ + at,
                         [](std::uint64_t sum, const Removed& removed) { return sum + removed.bytes; });
}

void PlainText::consume(std::size_t count) {
  offset_ = offset(count);
  removed_.erase(removed_.begin(), removed_after(count));
  for (Removed& removed : removed_) removed.before -= static_cast<std::uint32_t>(count);
  buffer_.erase(0, count);
}

}  // namespace jobmedic::classify
