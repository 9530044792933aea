#include "classify/log_scanner.hpp"

#include <utility>

#include "classify/document.hpp"
#include "classify/evidence.hpp"
#include "classify/line_breaks.hpp"

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
  watched_ = status == ExitStatus::success ? rules.watched_at_success() : readers.frames;
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
  while (!data.empty() || last) {
    const std::string_view piece = data.substr(0, block_size);
    if ((piece.size() == block_size || last) && text_.passes(piece)) {
      const bool ends_log = last && piece.size() == data.size();
      const std::size_t settled = scan(piece, ends_log, findings, workspace);
      text_.pass(settled);
      data.remove_prefix(settled);
      if (ends_log) return;
      continue;
    }
    const std::string_view added = data.substr(0, block_size - text_.text().size());
    data.remove_prefix(added.size());
    const bool ends_log = last && data.empty();
    text_.append(added, ends_log);
    // Blocks of that size to the byte: however the log arrives, it is cut at the same places.
    while (text_.text().size() > block_size || (text_.text().size() == block_size && !ends_log)) {
      text_.consume(scan(text_.text().substr(0, block_size), false, findings, workspace));
    }
    if (!ends_log) continue;
    scan(text_.text(), true, findings, workspace);
    return;
  }
}

// Where the exit code is 0, or nobody knows it and the job went on after what was found.
bool LogScanner::asks_for_reports() const {
  return status_ == ExitStatus::success || (status_ == ExitStatus::unknown && !outlived_last_.empty());
}

std::size_t LogScanner::scan(std::string_view text, bool ends_log, Findings& findings, Workspace& workspace) {
  const Block block{text, begins_line_, text_.begins_log(), ends_log};
  const std::size_t settled = settled_bytes(block, rules_->lines());
  close_found_before(findings);
  if (open_.any() || !held_.empty() || asks_for_reports()) match(block, settled, findings, workspace);
  if (ends_log) give(findings);
  const std::string_view done = text.substr(0, settled);
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
  const auto last_report = [&] {
    if (!report_frames_) report_frames_ = rules_->report_frames(name_);
    return matcher.last_report(*report_frames_, status_ == ExitStatus::unknown);
  };
  WindowSecrets secrets;
  const bool whole = block.begins_log && block.ends_log;
  if (status_ != ExitStatus::failure && whole && !results.empty() && is_document(block.text, workspace.regex)) {
    std::erase_if(results, [&](const BlockMatcher::Result& it) {
      return rules_->rule(it.rule).shipped && !rules_->is_proof(it.rule);
    });
  } else {
    for (const BlockMatcher::Result& result : matcher.outlived()) {
      if (!findings.outlived.contains(result.rule)) {
        findings.outlived.emplace(result.rule, read(result, matcher, secrets, workspace));
      }
    }
    if (status_ != ExitStatus::success && !matcher.outlived_last().empty()) {
      outlived_last_.clear();
      // Where nobody knows the exit code, only a failure that is reported below makes them count.
      if (status_ == ExitStatus::failure || !block.ends_log || last_report() == Report::failure) {
        for (const BlockMatcher::Result& result : matcher.outlived_last()) {
          outlived_last_.emplace(result.rule, read(result, matcher, secrets, workspace));
        }
      }
    }
    if (asks_for_reports()) {
      if (const std::optional<Report> report = last_report()) report_ = report;
    }
  }
  for (const BlockMatcher::Result& result : results) {
    if (result.row) record(result.rule, read(result, matcher, secrets, workspace), findings);
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
  match.evidence.offset = text_.offset(begin);
  match.evidence.text = evidence_text(window, result.match, secrets);
  match.evidence.captures =
      regex.captures([&](auto from, auto to) { return capture_text(window, from, to, secrets); }, workspace.regex);
  return match;
}

void LogScanner::record(std::size_t rule, FirstMatch match, Findings& findings) {
  if (rules_->frame(rule)) {
    open_.reset(rule);
    held_[rule] = std::move(match);
  } else {
    findings.matches[rule] = std::move(match);
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
