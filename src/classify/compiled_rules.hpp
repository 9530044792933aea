#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/database.hpp"
#include "classify/finalizer.hpp"
#include "classify/frames.hpp"
#include "classify/regex.hpp"
#include "classify/rule_bits.hpp"
#include "jobmedic/classify.hpp"

namespace jobmedic::classify {

/// How far one rule has come in one block (block_matcher.hpp).
struct RuleProgress {
  static constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t skip_from = never;  // places that end here or later cannot name an earlier row than the one known
  std::uint32_t last_end = 0;       // of the places seen
  std::uint32_t next = 0;           // rows before this one were tried or are out of reach
  std::uint32_t given_up = 0;
  std::uint32_t row = never;  // the first with a match
  RegexMatch match;
  bool fresh = true;
};

/// What is known of one frame in one block.
struct FrameProgress {
  enum class Begins : std::uint8_t { unknown, no, maybe };
  std::vector<std::uint32_t> ends;  // where it may end
  std::vector<Begins> rows;         // by row; empty: nothing was asked yet
};

/// Whether one row's line may match what a rule of the set looks for.
struct LineAnswer {
  std::uint64_t block = 0;  // Workspace::block when it was asked
  std::uint32_t row = 0;
  bool may_match = false;
};

/// Frames that are looked for in a log by themselves.
struct WatchedFrames {
  std::vector<std::size_t> went_on;
  std::vector<std::size_t> ended_well;
};

/// What tools say in the end of their job.
struct ReportFrames {
  std::vector<std::size_t> failure;
  std::vector<std::size_t> success;
};

/// Who looks at a log of some name.
struct Readers {
  RuleBits rules;  // that read it
  WatchedFrames frames;
};

/// What is looked for by a scan of its own: of a whole log, where frames stand, where it matters what came after.
enum class Automaton : std::uint8_t { first, inner, signs };
constexpr std::size_t automata = 3;

/// What one thread needs to scan. Kept between calls, so that a small log costs no allocation per rule.
struct Workspace {
  std::array<Scratch, automata> scratch;
  RegexWorkspace regex;
  std::vector<Place> places;  // that the first automaton found, and the inner one
  std::vector<Place> inner_places;
  std::vector<RuleProgress> progress;  // one per rule; all fresh between blocks
  std::vector<FrameProgress> frames;   // one per frame; likewise
  std::vector<LineAnswer> lines;       // the last of each rule of the set: one stands within several frames
  std::uint64_t block = 0;             // counts the blocks scanned
  std::optional<std::string> log;      // the last log's name, and who looks at it: many logs share one
  bool has_failed = false;
  Readers readers;
};

/// Rules ready to scan. Immutable to its users: workspaces are pooled and regexes compiled on first need inside.
///
/// Most rules count only below a frame, and few lines of a log begin one. So there are three automata: the first looks
/// all over a log for the frames that can be told by a phrase and for the rules that stand alone; the inner one looks
/// for all other rules, in most logs only where such a frame may begin; that of signs, which most lines of a healthy
/// log hold, only where a rule within a frame matched.
class CompiledRules {
 public:
  CompiledRules(RuleSet rules, const ClassifierOptions& options);

  [[nodiscard]] const RuleSet& set() const { return set_; }
  /// What runs for the rules of the set (frames.hpp); all that counts rules below this line counts these.
  [[nodiscard]] const std::vector<RunnableRule>& rules() const { return runnable_.rules; }
  [[nodiscard]] const Rule& rule(std::size_t rule) const { return *rules()[rule].rule; }
  [[nodiscard]] std::string regex_text(std::size_t rule) const { return runnable_.regex(rule); }
  /// Appends the places of what the automaton looks for.
  void scan(Automaton automaton, std::string_view text, const Workspace& workspace, std::vector<Place>& places) const {
    database(automaton).scan(text, workspace.scratch[static_cast<std::size_t>(automaton)], places);
  }
  /// The patterns of a place that it found: rules, or frames counted on from them.
  [[nodiscard]] std::span<const std::uint32_t> patterns_of(Automaton automaton, const Place& place) const {
    return database(automaton).patterns_of(place.expression);
  }
  [[nodiscard]] Filter filter(std::size_t pattern) const { return database(automaton_of_[pattern]).filter(pattern); }
  /// Rules of the inner automaton whose frame is no gate to them, so that it has to look all over for them.
  [[nodiscard]] const RuleBits& ungated() const { return ungated_; }
  [[nodiscard]] const Regex& regex(std::size_t rule) const;
  /// The frame that the rule's match begins with; the database holds the frames' patterns behind the rules'.
  [[nodiscard]] std::optional<std::size_t> frame(std::size_t rule) const { return rules()[rule].frame; }
  [[nodiscard]] bool frame_spans_lines(std::size_t frame) const { return frame_spans_lines_[frame]; }
  /// Whether a rule stands within it; the others are looked for by themselves.
  [[nodiscard]] bool frame_is_a_gate(std::size_t frame) const { return frame_is_a_gate_[frame]; }
  /// The rule stands within a frame, and what it looks for there lies in one line.
  [[nodiscard]] bool in_one_line(std::size_t rule) const { return in_one_line_[rule]; }
  /// It matches there whatever stands around it: where line_regex() does not match, the rule does not.
  [[nodiscard]] bool by_itself(std::size_t rule) const { return by_itself_[rule]; }
  [[nodiscard]] const Regex& line_regex(std::size_t rule) const;
  [[nodiscard]] const Regex& frame_regex(std::size_t frame) const;
  /// Rules with a regex that the database cannot look for.
  [[nodiscard]] const std::vector<std::size_t>& unfiltered() const { return unfiltered_; }
  /// Rules whose conditions hold.
  [[nodiscard]] RuleBits applicable(const Attempt* attempt) const;
  /// Valid until the workspace is asked for another log. `has_failed`: the exit code says so; then every rule that the
  /// log is meant for reads it, with whichever frame, and last words show nothing.
  [[nodiscard]] const Readers& readers(std::string_view log, bool has_failed, Workspace& workspace) const;
  /// The rules with a regex that a log of this name is meant for, with whichever frame.
  [[nodiscard]] RuleBits meant_for(std::string_view log) const;
  /// What is watched where the exit code is 0: all that shows that a job went on, whatever the log's name.
  [[nodiscard]] WatchedFrames watched_at_success() const;
  [[nodiscard]] ReportFrames report_frames(std::string_view log) const;
  /// Whether the rule reads logs of this name, with its frame, where the job is known to have failed.
  [[nodiscard]] bool reads(std::size_t rule, std::string_view log) const;
  /// Whether a match stands below what only the death of a job prints: it counts even in a text that is no log.
  [[nodiscard]] bool is_proof(std::size_t rule) const;
  /// Rules without a regex: their condition alone decides.
  [[nodiscard]] const std::vector<std::size_t>& silent() const { return silent_; }
  [[nodiscard]] const Relations& relations() const { return relations_; }
  /// Whether another rule follows this one.
  [[nodiscard]] bool is_followed(std::size_t rule) const { return is_followed_[rules()[rule].place]; }
  /// The most lines that any rule spans.
  [[nodiscard]] int lines() const { return lines_; }
  [[nodiscard]] const std::string& description() const { return description_; }
  [[nodiscard]] const SecretMask& secrets() const { return secrets_; }

  /// A workspace for as long as the handle lives.
  class Lease {
   public:
    explicit Lease(const CompiledRules& rules) : rules_(rules), workspace_(rules.take()) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { rules_.give_back(std::move(workspace_)); }
    [[nodiscard]] Workspace& operator*() const { return *workspace_; }

   private:
    const CompiledRules& rules_;
    std::unique_ptr<Workspace> workspace_;
  };

 private:
  struct LazyRegex {
    std::once_flag once;
    std::unique_ptr<const Regex> regex;
  };
  struct LineRegex {
    std::atomic<std::uint32_t> asked = 0;
    LazyRegex plain;
    LazyRegex fast;
  };
  [[nodiscard]] const Database& database(Automaton automaton) const {
    return databases_[static_cast<std::size_t>(automaton)];
  }
  [[nodiscard]] std::vector<Pattern> patterns();
  void index();
  [[nodiscard]] Readers readers(std::string_view log, bool has_failed) const;
  [[nodiscard]] std::unique_ptr<Workspace> take() const;
  void give_back(std::unique_ptr<Workspace> workspace) const noexcept;

  RuleSet set_;
  RunnableRules runnable_;
  Relations relations_;
  std::vector<bool> is_followed_;  // by rule of the set
  RuleBits unconditional_;
  std::vector<bool> frame_spans_lines_;
  std::vector<bool> frame_is_a_gate_;
  std::vector<bool> in_one_line_;
  std::vector<bool> by_itself_;
  std::vector<std::size_t> conditional_;
  std::vector<std::size_t> silent_;
  std::vector<std::size_t> unfiltered_;
  std::map<std::string, RuleBits> by_log_;          // glob -> rules with a regex
  std::map<std::string, RuleBits> by_log_of_rule_;  // the same by the rule's own glob, whatever its frame's
  int lines_ = 1;
  SecretMask secrets_;
  std::vector<Automaton> automaton_of_;  // by pattern: rules, then frames
  RuleBits ungated_;
  std::array<Database, automata> databases_;
  std::array<Scratch, automata> scratch_;  // cloned for each workspace
  std::string description_;
  std::unique_ptr<LazyRegex[]> regexes_;       // of rules, then of frames
  std::unique_ptr<LineRegex[]> line_regexes_;  // of rules of the set: the same in every frame
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Workspace>> idle_;
};

}  // namespace jobmedic::classify
