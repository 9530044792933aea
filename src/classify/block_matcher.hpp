#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "classify/compiled_rules.hpp"
#include "classify/rows.hpp"

namespace jobmedic::classify {

constexpr std::uint32_t most_given_up = 100;  // windows of a log; a regex that bad would take hours

/// What a tool says in the end of its job.
enum class Report : std::uint8_t { failure, success };

/// One block of a log against the rules that are still open there: Hyperscan names places, PCRE2 decides.
/// A rule within a frame is only looked for where that frame may begin before the place: an innocent log holds many
/// telling phrases but no frame, and costs no more than the scan for frames. Nothing within a frame counts before the
/// last row that shows that the job went on.
class BlockMatcher {
 public:
  /// Rows that begin at or after `settled` are left for the next block. `watched` outlives this.
  BlockMatcher(const CompiledRules& rules, const Block& block, std::size_t settled, const WatchedFrames& watched,
               Workspace& workspace);
  BlockMatcher(const BlockMatcher&) = delete;
  BlockMatcher& operator=(const BlockMatcher&) = delete;
  ~BlockMatcher();

  struct Result {
    std::size_t rule;
    std::uint32_t given_up;          ///< rows at which it gave up
    std::optional<std::size_t> row;  ///< the first with a match
    RegexMatch match;
  };
  /// The rules of `open` that matched or gave up, in order. `held`: those with a match within a frame in an earlier
  /// block, which are open again where this block shows that the job went on. `given_up`: how often each gave up before
  /// this block; at most_given_up it is tried no more.
  std::vector<Result> run(const RuleBits& open, const FirstMatches& held,
                          const std::map<std::size_t, std::uint32_t>& given_up);
  /// Whether a row of this block showed that the job went on.
  [[nodiscard]] bool job_went_on() const { return went_on_row_.has_value(); }
  /// After run(): first matches above that row, of rules that others follow.
  [[nodiscard]] const std::vector<Result>& outlived() const { return outlived_; }
  /// After run(): of the first matches above that row those in the last of their stacks.
  [[nodiscard]] const std::vector<Result>& outlived_last() const { return outlived_last_; }
  /// After run(): what a tool reported last in this block. `heeds_life`: a job that went on is as good as a success.
  std::optional<Report> last_report(const ReportFrames& frames, bool heeds_life);

  const Rows& rows();

 private:
  std::vector<std::uint32_t> scan_first();
  void scan_for_signs();
  void scan_rest(const RuleBits& open, std::vector<std::uint32_t> frames);
  void try_places(const RuleBits& open);
  void find_where_job_went_on();
  std::optional<std::size_t> last_row(std::span<const std::size_t> frames);
  std::optional<std::size_t> row_of_last_words(std::span<const std::size_t> frames);
  [[nodiscard]] bool framed_rule_matched() const;
  void forget_progress();
  void keep_outlived();
  [[nodiscard]] std::size_t first_row(std::size_t rule) const;
  void scan_inner(std::size_t begin, std::size_t end);
  void scan_below(std::vector<std::uint32_t>& frames);
  bool add_frames(std::span<const std::uint32_t> patterns, std::uint32_t end);
  void try_patterns(std::span<const std::uint32_t> patterns, std::uint32_t end, const RuleBits& open);
  [[nodiscard]] const std::vector<std::uint32_t>* frame_ends(std::size_t rule) const;
  void try_place(std::size_t rule, std::size_t end);
  std::size_t frame_begin(std::size_t frame, std::size_t first, std::size_t row);
  std::size_t stack_begin(std::size_t first, std::size_t row);
  void try_frames(std::size_t rule, std::size_t first, std::span<const std::uint32_t> ends);
  bool try_rows(std::size_t rule, std::size_t first, std::size_t last);
  bool line_may_match(std::size_t rule, std::size_t row);
  bool phrase_may_stand_in(std::size_t rule, std::size_t row, int lines);
  bool in_long_line(std::size_t row);
  bool frame_may_begin(std::size_t frame, std::size_t row);
  std::size_t row_of_kept(std::size_t frame, std::size_t row);
  bool attempt(std::size_t rule, std::size_t row);
  RuleProgress& progress(std::size_t rule);

  const CompiledRules& rules_;
  Block block_;
  std::size_t settled_;
  Workspace& workspace_;
  const WatchedFrames& watched_;
  bool knows_signs_ = false;
  std::optional<std::size_t> went_on_row_;
  std::vector<Result> outlived_;
  std::vector<Result> outlived_last_;
  std::optional<Rows> rows_;
  const std::map<std::size_t, std::uint32_t>* given_up_before_ = nullptr;
  std::vector<std::size_t> touched_;  // rules whose progress in the workspace is no longer fresh
};

}  // namespace jobmedic::classify
