#include "classify/block_matcher.hpp"

#include <algorithm>
#include <utility>

namespace jobmedic::classify {
namespace {

// Where the windows end of all rows that begin before `from`.
std::size_t reach(std::string_view text, std::size_t from) {
  const std::size_t limit = std::min(from + window_limit, text.size());
  std::size_t end = from;
  for (int line = 0; line < most_lines && end < limit; ++line) end = std::min(text.find('\n', end), limit - 1) + 1;
  return end;
}

}  // namespace

BlockMatcher::BlockMatcher(const CompiledRules& rules, const Block& block, std::size_t settled,
                           const WatchedFrames& watched, Workspace& workspace)
    : rules_(rules), block_(block), settled_(settled), workspace_(workspace), watched_(watched) {
  ++workspace_.block;
}

BlockMatcher::~BlockMatcher() {
  forget_progress();
  for (FrameProgress& frame : workspace_.frames) {
    frame.ends.clear();
    frame.rows.clear();
  }
  workspace_.places.clear();
  workspace_.inner_places.clear();
}

const Rows& BlockMatcher::rows() {
  if (!rows_) rows_.emplace(block_);
  return *rows_;
}

std::vector<BlockMatcher::Result> BlockMatcher::run(const RuleBits& known_open, const FirstMatches& held,
                                                    const std::map<std::size_t, std::uint32_t>& given_up) {
  given_up_before_ = &given_up;
  std::vector<std::uint32_t> frames = scan_first();
  if (!held.empty()) find_where_job_went_on();
  RuleBits reopened;
  if (job_went_on()) {
    reopened = known_open;
    for (const auto& [rule, match] : held) reopened.set(rule);
  }
  const RuleBits& open = job_went_on() ? reopened : known_open;
  scan_rest(open, std::move(frames));
  try_places(open);
  if (held.empty() && framed_rule_matched()) {  // else nobody asks whether the job went on
    find_where_job_went_on();
    if (job_went_on()) {
      keep_outlived();
      forget_progress();
      try_places(open);
    }
  }

  std::sort(touched_.begin(), touched_.end());
  std::vector<Result> results;
  for (const std::size_t rule : touched_) {
    const RuleProgress& state = workspace_.progress[rule];
    const bool matched = state.row != RuleProgress::never;
    if (!matched && state.given_up == 0) continue;
    results.push_back(
        {rule, state.given_up, matched ? std::optional<std::size_t>(state.row) : std::nullopt, state.match});
  }
  return results;
}

void BlockMatcher::try_places(const RuleBits& open) {
  const auto try_all = [&](Automaton automaton, const std::vector<Place>& places) {
    for (const Place& place : places) try_patterns(rules_.patterns_of(automaton, place), place.end, open);
  };
  try_all(Automaton::first, workspace_.places);
  try_all(Automaton::inner, workspace_.inner_places);
  for (const std::size_t rule : rules_.unfiltered()) {
    if (!open.test(rule)) continue;
    for (std::size_t row = first_row(rule); row < rows().size() && rows().start(row) < settled_; ++row) {
      if (attempt(rule, row)) break;
    }
  }
}

bool BlockMatcher::framed_rule_matched() const {
  return std::any_of(touched_.begin(), touched_.end(), [&](std::size_t rule) {
    return rules_.frame(rule) && workspace_.progress[rule].row != RuleProgress::never;
  });
}

void BlockMatcher::keep_outlived() {
  std::vector<Result> results;
  std::size_t last = 0;
  for (const std::size_t rule : touched_) {
    const RuleProgress& state = workspace_.progress[rule];
    if (!rules_.frame(rule) || state.row >= *went_on_row_) continue;
    results.push_back({rule, 0, state.row, state.match});
    last = std::max<std::size_t>(last, state.row);
  }
  const std::size_t last_stack = stack_begin(0, last);
  for (const Result& result : results) {
    if (rules_.is_followed(result.rule)) outlived_.push_back(result);
    if (*result.row >= last_stack) outlived_last_.push_back(result);
  }
}

void BlockMatcher::forget_progress() {
  for (const std::size_t rule : touched_) workspace_.progress[rule] = {};
  touched_.clear();
}

// The places of the first automaton; returns where the frames may end that rules stand within.
std::vector<std::uint32_t> BlockMatcher::scan_first() {
  rules_.scan(Automaton::first, block_.text, workspace_, workspace_.places);
  std::vector<std::uint32_t> frames;
  for (const Place& place : workspace_.places) {
    if (add_frames(rules_.patterns_of(Automaton::first, place), place.end)) frames.push_back(place.end);
  }
  return frames;
}

void BlockMatcher::scan_for_signs() {
  if (std::exchange(knows_signs_, true)) return;
  std::vector<Place> places;
  rules_.scan(Automaton::signs, block_.text, workspace_, places);
  for (const Place& place : places) add_frames(rules_.patterns_of(Automaton::signs, place), place.end);
}

// All other places of the rules that are open.
void BlockMatcher::scan_rest(const RuleBits& open, std::vector<std::uint32_t> frames) {
  if (open.meets(rules_.ungated())) {
    scan_inner(0, block_.text.size());
  } else {
    scan_below(frames);
  }
}

void BlockMatcher::find_where_job_went_on() {
  went_on_row_ = last_row(watched_.went_on);
  if (block_.ends_log) went_on_row_ = std::max(went_on_row_, row_of_last_words(watched_.ended_well));
}

// The last of the log's last lines in which one of the frames begins.
std::optional<std::size_t> BlockMatcher::row_of_last_words(std::span<const std::size_t> frames) {
  int lines = 0;
  for (std::size_t row = rows().size(); row-- > 0 && lines < last_words_lines;) {
    const std::string_view line = rows().window(row, 1).text;
    if (rows().continues_line(row) || line.find_first_not_of(" \t") == std::string_view::npos) continue;
    ++lines;
    const auto begins = [&](std::size_t frame) { return frame_may_begin(frame, row); };
    if (std::any_of(frames.begin(), frames.end(), begins)) return row;
  }
  return std::nullopt;
}

std::optional<Report> BlockMatcher::last_report(const ReportFrames& frames, bool heeds_life) {
  const auto failure = last_row(frames.failure);
  const auto success = std::max(last_row(frames.success), heeds_life ? went_on_row_ : std::nullopt);
  if (!failure && !success) return std::nullopt;
  return failure >= success ? Report::failure : Report::success;
}

// The last row in which one of the frames begins, or where it says so by \K.
std::optional<std::size_t> BlockMatcher::last_row(std::span<const std::size_t> frames) {
  if (!frames.empty()) scan_for_signs();
  std::optional<std::size_t> known;
  for (const std::size_t frame : frames) {
    const std::vector<std::uint32_t>& ends = workspace_.frames[frame].ends;
    bool found = false;
    for (auto end = ends.rbegin(); end != ends.rend() && !found; ++end) {
      const std::size_t last = rows().at(*end);
      const std::size_t earliest = known.value_or(0);
      const std::size_t first = earliest < last ? rows().first_reaching(*end, {earliest, last}, sign_lines) : earliest;
      for (std::size_t row = last + 1; row-- > first && !found;) {
        found = rows().start(row) < settled_ && frame_may_begin(frame, row);
        if (found) known = row_of_kept(frame, row);
      }
    }
  }
  return known;
}

// The job went on after what \K leaves out: the end of the traceback that it outlived.
std::size_t BlockMatcher::row_of_kept(std::size_t frame, std::size_t row) {
  const RegexMatch match = rules_.frame_regex(frame).match(rows().window(row, frame_lines), workspace_.regex);
  return rows().at(rows().start(row) + match.kept);
}

// Where the rule's matches begin to count.
std::size_t BlockMatcher::first_row(std::size_t rule) const {
  return rules_.frame(rule) ? went_on_row_.value_or(0) : 0;
}

// What stands within a frame ends where the frame does or later, in the lines from there on.
void BlockMatcher::scan_below(std::vector<std::uint32_t>& frames) {
  std::sort(frames.begin(), frames.end());  // Hyperscan promises an order for each expression alone
  std::size_t begin = 0;
  std::size_t end = 0;
  for (const std::uint32_t frame : frames) {
    if (frame > end) {
      scan_inner(begin, end);
      begin = frame;
    }
    end = std::max(end, reach(block_.text, frame));
  }
  scan_inner(begin, end);
}

void BlockMatcher::scan_inner(std::size_t begin, std::size_t end) {
  std::vector<Place>& places = workspace_.inner_places;
  const std::size_t known = places.size();
  rules_.scan(Automaton::inner, block_.text.substr(begin, end - begin), workspace_, places);
  for (std::size_t i = known; i < places.size(); ++i) places[i].end += static_cast<std::uint32_t>(begin);
}

// False: none of the patterns is of a frame that rules stand within.
bool BlockMatcher::add_frames(std::span<const std::uint32_t> patterns, std::uint32_t end) {
  const std::size_t rule_count = rules_.rules().size();
  bool gate = false;
  for (auto pattern = patterns.rbegin(); pattern != patterns.rend() && *pattern >= rule_count; ++pattern) {
    const std::size_t frame = *pattern - rule_count;
    workspace_.frames[frame].ends.push_back(end);
    gate = gate || rules_.frame_is_a_gate(frame);
  }
  return gate;
}

void BlockMatcher::try_patterns(std::span<const std::uint32_t> patterns, std::uint32_t end, const RuleBits& open) {
  for (const std::uint32_t rule : patterns) {
    if (rule >= rules_.rules().size()) return;  // from here on, frames
    if (open.test(rule) && end < workspace_.progress[rule].skip_from) try_place(rule, end);
  }
}

// The places of the frame that the rule's match begins with; null: of none, or of one that cannot be looked for.
const std::vector<std::uint32_t>* BlockMatcher::frame_ends(std::size_t rule) const {
  const auto frame = rules_.frame(rule);
  if (!frame || rules_.filter(rules_.rules().size() + *frame) == Filter::none) return nullptr;
  return &workspace_.frames[*frame].ends;
}

void BlockMatcher::try_place(std::size_t rule, std::size_t end) {
  const std::vector<std::uint32_t>* const ends = frame_ends(rule);
  if (ends != nullptr && ends->empty()) return;
  const std::size_t last = rows().at(end);
  if (!line_may_match(rule, last)) return;
  RuleProgress& state = progress(rule);
  if (end < state.last_end) state.next = 0;  // Hyperscan reports in ascending order; nothing is lost if it did not
  state.last_end = static_cast<std::uint32_t>(end);
  const std::size_t earliest = std::max<std::size_t>(state.next, first_row(rule));
  if (earliest > last) return;
  const std::size_t first = rows().first_reaching(end, {earliest, last}, rules_.rule(rule).lines);
  if (ends == nullptr) {
    try_rows(rule, rules_.in_one_line(rule) ? frame_begin(*rules_.frame(rule), first, last) : first, last);
  } else {
    try_frames(rule, first, std::span(ends->begin(), std::upper_bound(ends->begin(), ends->end(), end)));
  }
}

// The first row, no earlier than `first`, in which the frame may begin whose stack goes on with `row`.
std::size_t BlockMatcher::frame_begin(std::size_t frame, std::size_t first, std::size_t row) {
  const std::size_t stack = stack_begin(first, row);
  if (!rules_.frame_spans_lines(frame)) return stack;
  return rows().first_reaching(rows().start(stack), {first, stack}, frame_lines);
}

// The first row, no earlier than `first`, of the stack that goes on with `row`.
std::size_t BlockMatcher::stack_begin(std::size_t first, std::size_t row) {
  const auto goes_on = [&](std::size_t it) {
    return rows().continues_line(it) || !begins_anew(block_.text.substr(rows().start(it)));
  };
  while (row > first && goes_on(row)) --row;
  return row;
}

// The rows from `first` on in which a frame may begin that ends at one of `ends`.
void BlockMatcher::try_frames(std::size_t rule, std::size_t first, std::span<const std::uint32_t> ends) {
  const auto from = std::lower_bound(ends.begin(), ends.end(), rows().start(first));
  if (from == ends.end()) return;
  if (rules_.frame_spans_lines(*rules_.frame(rule))) {
    try_rows(rule, first, rows().at(ends.back()));
    return;
  }
  for (auto at = from; at != ends.end(); ++at) {
    const std::size_t row = rows().at(*at);
    // The rows of a long line overlap: the frame may begin in the one before.
    const std::size_t overlapped = rows().continues_line(row) ? 1 : 0;
    const auto begin = std::max<std::size_t>({first, workspace_.progress[rule].next, row - overlapped});
    if (begin <= row && !try_rows(rule, begin, row)) return;
  }
}

// False: no later row is of interest to this rule.
bool BlockMatcher::try_rows(std::size_t rule, std::size_t first, std::size_t last) {
  RuleProgress& state = workspace_.progress[rule];
  const auto frame = rules_.frame(rule);
  const bool asks_frame = frame && rules_.rule(rule).lines == most_lines;
  for (std::size_t row = first; row <= last; ++row) {
    if (rows().start(row) >= settled_ || row >= state.row) return false;
    state.next = static_cast<std::uint32_t>(row + 1);
    if (asks_frame && !frame_may_begin(*frame, row)) continue;
    if (attempt(rule, row)) return false;
  }
  return true;
}

// What Hyperscan only suspected costs a look at one line, and not one at all stacks above it.
bool BlockMatcher::line_may_match(std::size_t rule, std::size_t row) {
  const bool tells = rules_.in_one_line(rule) && rules_.by_itself(rule) && !in_long_line(row);
  return !tells || phrase_may_stand_in(rule, row, 1);
}

// Whether what the rule looks for within its frame stands anywhere in the row's window.
bool BlockMatcher::phrase_may_stand_in(std::size_t rule, std::size_t row, int lines) {
  LineAnswer& answer = workspace_.lines[rules_.rules()[rule].place];
  if (answer.block != workspace_.block || answer.row != row) {
    Window window = rows().window(row, lines);
    window.last_begin = window.text.size();
    const RegexMatch match = rules_.line_regex(rule).match(window, workspace_.regex);
    answer = {workspace_.block, static_cast<std::uint32_t>(row), match.kind != RegexMatch::Kind::none};
  }
  return answer.may_match;
}

// Whether the row is one of several in its line.
bool BlockMatcher::in_long_line(std::size_t row) {
  return rows().continues_line(row) || (row + 1 < rows().size() && rows().continues_line(row + 1));
}

// Asked once for all rules within the frame.
bool BlockMatcher::frame_may_begin(std::size_t frame, std::size_t row) {
  using Begins = FrameProgress::Begins;
  std::vector<Begins>& known = workspace_.frames[frame].rows;
  known.resize(rows().size());
  if (known[row] == Begins::unknown) {
    const RegexMatch match = rules_.frame_regex(frame).match(rows().window(row, frame_lines), workspace_.regex);
    known[row] = match.kind == RegexMatch::Kind::none ? Begins::no : Begins::maybe;
  }
  return known[row] == Begins::maybe;
}

RuleProgress& BlockMatcher::progress(std::size_t rule) {
  RuleProgress& state = workspace_.progress[rule];
  if (state.fresh) touched_.push_back(rule);
  state.fresh = false;
  return state;
}

bool BlockMatcher::attempt(std::size_t rule, std::size_t row) {
  const int lines = rules_.rule(rule).lines;
  // A long line may hold thousands of frames: each would look through all that follows for a phrase that is not there.
  if (rules_.by_itself(rule) && in_long_line(row) && !phrase_may_stand_in(rule, row, lines)) return false;
  const RegexMatch match = rules_.regex(rule).match(rows().window(row, lines), workspace_.regex);
  if (match.kind == RegexMatch::Kind::none) return false;
  RuleProgress& state = progress(rule);
  if (match.kind == RegexMatch::Kind::gave_up) {
    const auto before = given_up_before_->find(rule);
    if (++state.given_up + (before == given_up_before_->end() ? 0 : before->second) < most_given_up) return false;
    state.skip_from = 0;
    return true;
  }
  state.row = static_cast<std::uint32_t>(row);
  state.match = match;
  const std::size_t reach = rows().start(row) + (lines > 1 ? window_limit : 0);
  state.skip_from = static_cast<std::uint32_t>(std::max<std::size_t>(reach, 1));
  return true;
}

}  // namespace jobmedic::classify
