#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "classify/block_matcher.hpp"
#include "classify/finalizer.hpp"
#include "classify/plain_text.hpp"
#include "jobmedic/secrets.hpp"

// What a match is. A log is bytes, split into lines at '\n'; a '\r' before '\n' or at the log's end is no part of the
// line. A match lies within `lines` consecutive lines, joined by '\n' (at most 64 KiB; rows.hpp says how longer lines
// are treated), '^' and '$' match at line boundaries, bytes are not code points. PCRE2 on these lines is the truth;
// Hyperscan only names the places worth a look. Bytes are scanned in blocks that overlap by the windows still open at
// a block's end; the same path serves a whole log and one that arrives piece by piece, so any split gives the same
// answer.
namespace jobmedic::classify {

/// What was found in all logs so far, by rule.
struct Findings {
  FirstMatches matches;
  FirstMatches outlived;          ///< of rules that others follow: the job went on after them
  FirstMatches outlived_last;     ///< of all rules, in each log the last of what the job went on after
  std::set<std::size_t> gave_up;  ///< at some window their regexes reached the limit on backtracking
  std::set<Report> reports;       ///< the last of each log, where somebody asked for them
};

class LogScanner {
 public:
  /// `applicable`: the rules whose conditions hold. The log's name selects among them, by the frames' names, too, where
  /// nobody knows the exit code.
  LogScanner(const CompiledRules& rules, std::string_view name, std::size_t index, const RuleBits& applicable,
             ExitStatus status, Workspace& workspace);

  /// More of the log; `last`: it ends here, and nothing may follow. Whole blocks are read in place, not copied.
  void feed(std::string_view data, bool last, Findings& findings, Workspace& workspace);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  [[nodiscard]] bool asks_for_reports() const;
  void close_found_before(const Findings& findings);
  void give(Findings& findings) const;
  std::size_t scan(std::string_view text, bool ends_log, Findings& findings, Workspace& workspace);
  void match(const Block& block, std::size_t settled, Findings& findings, Workspace& workspace);
  /// By row and number of lines: many rules match in the same window.
  using WindowSecrets = std::map<std::pair<std::size_t, int>, std::vector<SecretSpan>>;
  void record(std::size_t rule, FirstMatch match, Findings& findings);
  FirstMatch read(const BlockMatcher::Result& result, BlockMatcher& matcher, WindowSecrets& known,
                  Workspace& workspace) const;

  const CompiledRules* rules_;
  std::string name_;
  std::size_t index_;
  ExitStatus status_;
  WatchedFrames watched_;
  RuleBits open_;      // rules that may still find something here
  FirstMatches held_;  // within frames: they count if the job did not go on after them
  FirstMatches outlived_last_;
  std::optional<ReportFrames> report_frames_;
  std::optional<Report> report_;                   // the last so far
  std::map<std::size_t, std::uint32_t> given_up_;  // windows, per rule
  std::uint64_t size_ = 0;
  PlainText text_;  // not yet settled
  // Where it begins:
  std::uint64_t line_ = 1;
  bool begins_line_ = true;
};

}  // namespace jobmedic::classify
