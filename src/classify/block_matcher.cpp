#include "classify/block_matcher.hpp"

#include <algorithm>

namespace jobmedic::classify {

BlockMatcher::BlockMatcher(const CompiledRules& rules, const Block& block, std::size_t settled, Workspace& workspace)
    : rules_(rules), block_(block), settled_(settled), workspace_(workspace) {}

BlockMatcher::~BlockMatcher() {
  for (const std::size_t rule : touched_) workspace_.progress[rule] = {};
  for (std::vector<std::uint32_t>& ends : workspace_.frames) ends.clear();
  workspace_.places.clear();
}

const Rows& BlockMatcher::rows() {
  if (!rows_) rows_.emplace(block_);
  return *rows_;
}

std::vector<BlockMatcher::Result> BlockMatcher::run(const RuleBits& open) {
  const Database& database = rules_.database();
  database.scan(block_.text, workspace_.scratch, workspace_.places);
  find_frames();
  for (const Place& place : workspace_.places) {
    for (const std::uint32_t rule : database.patterns_of(place.expression)) {
      if (rule >= rules_.rules().size()) break;  // from here on, frames
      if (open.test(rule) && place.end < workspace_.progress[rule].skip_from) try_place(rule, place.end);
    }
  }
  for (const std::size_t rule : rules_.unfiltered()) {
    if (!open.test(rule)) continue;
    for (std::size_t row = 0; row < rows().size() && rows().start(row) < settled_; ++row) {
      if (attempt(rule, row)) break;
    }
  }

  std::sort(touched_.begin(), touched_.end());
  std::vector<Result> results;
  for (const std::size_t rule : touched_) {
    const RuleProgress& state = workspace_.progress[rule];
    const bool matched = state.row != RuleProgress::never;
    if (!matched && state.given_up == 0) continue;
    results.push_back({rule, state.given_up, matched ? std::optional<std::size_t>(state.row) : std::nullopt, state.match});
  }
  return results;
}

void BlockMatcher::find_frames() {
  const std::size_t rule_count = rules_.rules().size();
  for (const Place& place : workspace_.places) {
    const auto patterns = rules_.database().patterns_of(place.expression);
    for (auto pattern = patterns.rbegin(); pattern != patterns.rend() && *pattern >= rule_count; ++pattern) {
      workspace_.frames[*pattern - rule_count].push_back(place.end);
    }
  }
}

// Where the last possible frame before the place ends. Whatever begins a match begins no later.
std::optional<std::size_t> BlockMatcher::last_frame(std::size_t rule, std::size_t end) {
  const auto frame = rules_.frame(rule);
  if (!frame || rules_.database().filter(rules_.rules().size() + *frame) == Filter::none) return end;
  const std::vector<std::uint32_t>& ends = workspace_.frames[*frame];
  const auto after = std::upper_bound(ends.begin(), ends.end(), end);
  return after == ends.begin() ? std::nullopt : std::optional<std::size_t>(*(after - 1));
}

void BlockMatcher::try_place(std::size_t rule, std::size_t end) {
  const auto frame_end = last_frame(rule, end);
  if (!frame_end) return;
  const int lines = rules_.rules()[rule].lines;
  const std::size_t last = rows().at(*frame_end);
  RuleProgress& state = progress(rule);
  for (std::size_t row = rows().first_reaching(end, rows().at(end), lines); row <= last; ++row) {
    if (rows().start(row) >= settled_ || row >= state.row) return;
    if (row >= state.tried_begin && row < state.tried_end) continue;
    if (row == state.tried_end) {
      ++state.tried_end;
    } else {  // places of one rule come in ascending order: the rows before are not asked for again
      state.tried_begin = static_cast<std::uint32_t>(row);
      state.tried_end = state.tried_begin + 1;
    }
    if (attempt(rule, row)) return;
  }
}

RuleProgress& BlockMatcher::progress(std::size_t rule) {
  RuleProgress& state = workspace_.progress[rule];
  if (state.fresh) touched_.push_back(rule);
  state.fresh = false;
  return state;
}

bool BlockMatcher::attempt(std::size_t rule, std::size_t row) {
  const int lines = rules_.rules()[rule].lines;
  const RegexMatch match = rules_.regex(rule).match(rows().window(row, lines), workspace_.regex);
  if (match.kind == RegexMatch::Kind::none) return false;
  RuleProgress& state = progress(rule);
  if (match.kind == RegexMatch::Kind::gave_up) {
    ++state.given_up;
    return false;
  }
  state.row = static_cast<std::uint32_t>(row);
  state.match = match;
  const std::size_t reach = rows().start(row) + (lines > 1 ? window_limit : 0);
  state.skip_from = static_cast<std::uint32_t>(std::max<std::size_t>(reach, 1));
  return true;
}

}  // namespace jobmedic::classify
