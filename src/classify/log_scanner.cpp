#include "classify/log_scanner.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "classify/document.hpp"
#include "classify/evidence.hpp"
#include "classify/line_breaks.hpp"
#include "classify/wrapped_lines.hpp"

namespace jobmedic::classify {
namespace {

constexpr std::size_t block_size =
    std::size_t{512} * 1024;  // fits a core's cache; the overlap of at most 64 KiB stays cheap
static_assert(block_size > 2 * window_limit);

std::uint64_t count_lines(std::string_view text) {
  std::uint64_t lines = 0;
  each_line_break(text, [&](std::size_t) { ++lines; });
  return lines;
}

}  // namespace

LogScanner::LogScanner(const CompiledRules& rules, std::string_view name, std::size_t index, const RuleBits& applicable,
                       ExitStatus status, Workspace& workspace)
    : rules_(&rules), name_(name), index_(index), status_(status) {
  const Readers& readers = rules.readers(name, status == ExitStatus::failure, workspace);
  watched_ = status == ExitStatus::success ? rules.watched_at_success(name) : readers.frames;
  open_ = status == ExitStatus::success ? rules.meant_for(name) : readers.rules;
  open_ &= applicable;
}

void LogScanner::close_found_before(const Findings& findings) {
  for (const auto& [rule, match] : findings.matches) {
    if (match.log <= index_) open_.reset(rule);
  }
}

void LogScanner::feed(std::string_view data, bool last, Findings& findings, Workspace& workspace) {
  size_ += data.size();
  if (!wrapped_) {
    const std::string_view begin = data.substr(0, head_size - head_.size());
    if (head_.size() + begin.size() < head_size && !last) {
      head_ += begin;
      return;
    }
    const std::string head = std::exchange(head_, {});
    wrapped_ = head.empty() ? is_airflow_log(begin) : is_airflow_log(head + std::string(begin));
    if (!head.empty()) take(head, false, findings, workspace);
  }
  take(data, last, findings, workspace);
}

void LogScanner::take(std::string_view data, bool last, Findings& findings, Workspace& workspace) {
  while (!data.empty() || last) {
    const std::string_view piece = data.substr(0, block_size);
    const bool whole_block = piece.size() == block_size || last;
    if (!*wrapped_ && buffer_.empty() && !pending_return_ && whole_block &&
        piece.find('\r') == std::string_view::npos) {
      const bool ends_log = last && piece.size() == data.size();
      data.remove_prefix(scan(piece, ends_log, findings, workspace));
      if (ends_log) return;
      continue;
    }
    const std::string_view added = data.substr(0, block_size - buffer_.size());
    data.remove_prefix(added.size());
    const bool ends_log = last && data.empty();
    if (*wrapped_) {
      unwrap(added, ends_log);
    } else {
      append(added);
    }
    // Blocks of that size to the byte: however the log arrives, it is cut at the same places.
    while (buffer_.size() > block_size || (buffer_.size() == block_size && !ends_log)) {
      consume_buffer(scan(std::string_view(buffer_).substr(0, block_size), false, findings, workspace));
    }
    if (ends_log) consume_buffer(scan(buffer_, true, findings, workspace));
    if (ends_log) return;
  }
}

// Appends the lines without what wraps them.
void LogScanner::unwrap(std::string_view data, bool last) {
  while (!data.empty()) {
    const std::size_t line = std::min(data.find('\n'), data.size() - 1) + 1;
    const std::string_view piece =
        data.substr(0, at_line_begin_ ? std::min(line, longest_wrapper - line_begin_.size()) : line);
    data.remove_prefix(piece.size());
    if (at_line_begin_) {
      line_begin_ += piece;
      if (piece.back() == '\n' || line_begin_.size() == longest_wrapper) append_line_begin();
    } else {
      append(piece);
      at_line_begin_ = piece.back() == '\n';
    }
  }
  if (last) append_line_begin();
}

void LogScanner::append_line_begin() {
  const std::string line = std::exchange(line_begin_, {});
  if (const std::size_t size = wrapper_size(line); size > 0) {
    removed_.push_back({static_cast<std::uint32_t>(buffer_.size()), static_cast<std::uint32_t>(size)});
    append(std::string_view(line).substr(size));
  } else {
    append(line);
  }
  at_line_begin_ = line.ends_with('\n');
}

// Logs with "\r\n" are as common as others: they are copied once, into the buffer's own bytes.
void LogScanner::append(std::string_view data) {
  std::size_t size = buffer_.size();
  buffer_.resize(size + data.size() + 1);
  const auto end_pending = [&](bool line_ends) {
    if (line_ends) {
      removed_.push_back({static_cast<std::uint32_t>(size) + 1, 1});
    } else {
      buffer_[size++] = '\r';
    }
  };
  for (std::size_t done = 0; done < data.size();) {
    if (pending_return_) end_pending(data[done] == '\n');
    const std::size_t copied = copy_until('\r', data.substr(done), buffer_.data() + size);
    size += copied;
    done += copied;
    pending_return_ = done < data.size();
    if (pending_return_) ++done;
  }
  buffer_.resize(size);
}

// Of what was removed, the first that lies behind the offset.
std::vector<LogScanner::Removed>::const_iterator LogScanner::removed_after(std::size_t offset) const {
  return std::upper_bound(removed_.begin(), removed_.end(), offset,
                          [](std::size_t at, const Removed& removed) { return at < removed.before; });
}

std::uint64_t LogScanner::removed_before(std::size_t offset) const {
  return std::accumulate(removed_.begin(), removed_after(offset), std::uint64_t{0},
                         [](std::uint64_t sum, const Removed& removed) { return sum + removed.bytes; });
}

void LogScanner::consume_buffer(std::size_t count) {
  buffer_.erase(0, count);
  offset_ += removed_before(count);
  removed_.erase(removed_.begin(), removed_after(count));
  for (Removed& removed : removed_) removed.before -= static_cast<std::uint32_t>(count);
}

std::size_t LogScanner::scan(std::string_view text, bool ends_log, Findings& findings, Workspace& workspace) {
  const Block block{text, begins_line_, offset_ == 0, ends_log};
  const std::size_t settled = settled_bytes(block, rules_->lines());
  close_found_before(findings);
  if (open_.any() || !held_.empty() || !watched_.reported_failure.empty()) match(block, settled, findings, workspace);
  if (ends_log) give(findings);
  const std::string_view done = text.substr(0, settled);
  offset_ += settled;
  if (!ends_log) line_ += count_lines(done);
  if (!done.empty()) begins_line_ = done.back() == '\n';
  return settled;
}

void LogScanner::match(const Block& block, std::size_t settled, Findings& findings, Workspace& workspace) {
  BlockMatcher matcher(*rules_, block, settled, watched_, workspace);
  std::vector<BlockMatcher::Result> results = matcher.run(open_, held_, given_up_);
  if (matcher.job_went_on()) {
    for (const auto& [rule, match] : held_) {
      open_.set(rule);
      if (rules_->is_followed(rule)) findings.outlived.try_emplace(rule, match);
    }
    if (!held_.empty()) outlived_last_ = std::exchange(held_, {});
  }
  if (const std::optional<Report> report = matcher.last_report()) report_ = report;
  WindowSecrets secrets;
  const bool whole = block.begins_log && block.ends_log;
  if (status_ != ExitStatus::failure && whole && !results.empty() && is_document(block.text, workspace.regex)) {
    std::erase_if(results, [&](const BlockMatcher::Result& it) {
      return rules_->rule(it.rule).shipped && !rules_->is_proof(it.rule);
    });
    report_.reset();
  } else {
    for (const BlockMatcher::Result& result : matcher.outlived()) {
      if (!findings.outlived.contains(result.rule)) {
        findings.outlived.emplace(result.rule, read(result, matcher, secrets, workspace));
      }
    }
    if (status_ == ExitStatus::failure && !matcher.outlived_last().empty()) {
      outlived_last_.clear();
      for (const BlockMatcher::Result& result : matcher.outlived_last()) {
        outlived_last_.emplace(result.rule, read(result, matcher, secrets, workspace));
      }
    }
  }
  for (const BlockMatcher::Result& result : results) {
    if (result.row) record(result, read(result, matcher, secrets, workspace), findings);
    if (result.given_up == 0) continue;
    findings.gave_up.insert(result.rule);
    if ((given_up_[result.rule] += result.given_up) >= most_given_up) open_.reset(result.rule);
  }
}

FirstMatch LogScanner::read(const BlockMatcher::Result& result, BlockMatcher& matcher, WindowSecrets& known,
                            Workspace& workspace) const {
  const Rule& rule = rules_->rule(result.rule);
  const Rows& rows = matcher.rows();
  const Window window = rows.window(*result.row, rule.lines);
  const Regex& regex = rules_->regex(result.rule);
  regex.match(window, workspace.regex);  // once more, for the groups

  const auto [entry, is_new] = known.try_emplace({*result.row, rule.lines});
  std::vector<SecretSpan>& secrets = entry->second;
  if (is_new) secrets = secrets_in(window, rules_->secrets());
  const std::size_t kept = result.match.kept;
  const std::size_t begin = rows.start(*result.row) + kept;
  FirstMatch match;
  match.log = index_;
  match.evidence.log = name_;
  const auto before = window.text.substr(0, kept);
  match.evidence.line = line_ + rows.line(*result.row) + static_cast<std::uint64_t>(count_lines(before));
  match.evidence.offset = offset_ + begin + removed_before(begin);
  match.evidence.text = evidence_text(window, result.match, secrets);
  match.evidence.captures =
      regex.captures([&](auto from, auto to) { return capture_text(window, from, to, secrets); }, workspace.regex);
  return match;
}

void LogScanner::record(const BlockMatcher::Result& result, FirstMatch match, Findings& findings) {
  if (rules_->frame(result.rule)) {
    open_.reset(result.rule);
    held_[result.rule] = std::move(match);
  } else {
    findings.matches[result.rule] = std::move(match);
  }
}

// The log ends, so nothing shows any more that the job went on. An earlier log's match stays.
void LogScanner::give(Findings& findings) const {
  if (report_) findings.reports.insert(*report_);
  for (const auto& [rule, match] : held_) {
    const auto [known, is_new] = findings.matches.try_emplace(rule, match);
    if (!is_new && index_ < known->second.log) known->second = match;
  }
  findings.outlived_last.insert(outlived_last_.begin(), outlived_last_.end());
}

}  // namespace jobmedic::classify
