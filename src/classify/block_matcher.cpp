#include "classify/block_matcher.hpp"

#include <algorithm>
#include <limits>

namespace jobmedic::classify {

BlockMatcher::BlockMatcher(const CompiledRules& rules, const Block& block, std::size_t settled, Workspace& workspace)
    : rules_(rules), block_(block), settled_(settled), workspace_(workspace), states_(rules.rules().size()) {}

const Rows& BlockMatcher::rows() {
  if (!rows_) rows_.emplace(block_);
  return *rows_;
}

std::vector<BlockMatcher::Result> BlockMatcher::run(const std::vector<bool>& open,
                                                    const std::vector<std::uint32_t>& given_up) {
  for (std::size_t rule = 0; rule < states_.size(); ++rule) {
    states_[rule].given_up = given_up[rule];
    if (open[rule]) states_[rule].skip_from = std::numeric_limits<std::uint32_t>::max();
  }
  const auto on_hit = [](void* self, std::size_t rule, std::size_t end) {
    auto& matcher = *static_cast<BlockMatcher*>(self);
    if (end >= matcher.states_[rule].skip_from) return true;
    try {
      matcher.hit(rule, end);
      return true;
    } catch (...) {  // must not cross Hyperscan's frames
      matcher.failure_ = std::current_exception();
      return false;
    }
  };
  rules_.database().scan(block_.text, workspace_.scratch, on_hit, this);
  if (failure_) std::rethrow_exception(failure_);

  std::vector<Result> results;
  for (std::size_t rule = 0; rule < states_.size(); ++rule) {
    if (!open[rule]) continue;
    if (rules_.database().filter(rule) == Filter::none) {
      for (std::size_t row = 0; row < rows().size() && rows().start(row) < settled_; ++row) {
        if (attempt(rule, row)) break;
      }
    }
    if (states_[rule].first) results.push_back(*states_[rule].first);
  }
  return results;
}

void BlockMatcher::hit(std::size_t rule, std::size_t end) {
  const int lines = rules_.rules()[rule].lines;
  const std::size_t last = rows().at(end);
  State& state = states_[rule];
  for (std::size_t row = rows().first_reaching(end, last, lines); row <= last; ++row) {
    if (rows().start(row) >= settled_) return;
    if (state.first && row >= state.first->row) return;
    if (row >= state.tried_begin && row < state.tried_end) continue;
    if (row == state.tried_end) {
      ++state.tried_end;
    } else {  // hits of one rule come in ascending order: the rows before are not asked for again
      state.tried_begin = static_cast<std::uint32_t>(row);
      state.tried_end = state.tried_begin + 1;
    }
    if (attempt(rule, row)) return;
  }
}

bool BlockMatcher::attempt(std::size_t rule, std::size_t row) {
  const int lines = rules_.rules()[rule].lines;
  const RegexMatch match = rules_.regex(rule).match(rows().window(row, lines), workspace_.regex);
  State& state = states_[rule];
  if (match.kind == RegexMatch::Kind::gave_up && ++state.given_up >= most_given_up) {
    state.skip_from = 0;
    return true;
  }
  if (match.kind != RegexMatch::Kind::match) return false;
  state.first = Result{rule, row, match};
  const std::size_t reach = rows().start(row) + (lines > 1 ? window_limit : 0);
  state.skip_from = static_cast<std::uint32_t>(std::max<std::size_t>(reach, 1));
  return true;
}

}  // namespace jobmedic::classify
