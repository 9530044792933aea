#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Rules that say what a log line means: the document jobmedic.rules/1. Order is priority.
namespace jobmedic {

/// The nine categories of design.md: "memory_config", "resource_limit", ...
std::span<const std::string_view> categories() noexcept;

/// Only attempts that fulfil every given member are tried by the rule; a rule with any member never fires without an
/// attempt.
struct RuleCondition {
  std::string job;                            ///< glob over the job's name; empty: any
  std::map<std::string, std::string> labels;  ///< glob per label
  std::vector<std::int64_t> exit_codes;       ///< any of these; empty: any
  [[nodiscard]] bool empty() const noexcept { return job.empty() && labels.empty() && exit_codes.empty(); }
  bool operator==(const RuleCondition&) const = default;
};

/// One way in which a log shows that the job itself failed. A rule may ask that its regex stands within such a frame:
/// in the lines of a stack that begins with the frame's regex.
struct Frame {
  std::string log = "*";  ///< glob over log names
  std::string regex;      ///< without capturing groups; `\A` is the log's beginning
  std::string except;     ///< what begins those lines of its stack in which no phrase counts; empty: none
  bool weaker = false;    ///< a match by this alternative comes after all of its document by the others
  bool operator==(const Frame&) const = default;
};

/// All ways that one name stands for. A value; copies share it, since many rules stand within the same frame.
class FrameList {
 public:
  FrameList() = default;
  FrameList(std::vector<Frame> frames) : frames_(std::make_shared<const std::vector<Frame>>(std::move(frames))) {}
  [[nodiscard]] std::span<const Frame> get() const noexcept {
    return frames_ == nullptr ? std::span<const Frame>() : std::span<const Frame>(*frames_);
  }
  [[nodiscard]] bool empty() const noexcept { return get().empty(); }
  friend bool operator==(const FrameList& a, const FrameList& b) {
    return a.frames_ == b.frames_ || std::ranges::equal(a.get(), b.get());
  }

 private:
  std::shared_ptr<const std::vector<Frame>> frames_;
};

struct Rule {
  std::string name;       ///< unique within a file; [A-Za-z0-9_.-]+
  std::string source;     ///< the system the log comes from, for people: "spark", "yarn", ...
  std::string log = "*";  ///< glob over log names; `*` does not cross '/'; a log without a name is tried by every rule
  std::string
      regex;  ///< PCRE syntax over bytes; empty: the condition alone decides (an exit code where logs are silent)
  std::string flags;     ///< of "i" (caseless, ASCII), "s" (dot matches newline), "x" (extended)
  int lines = 1;         ///< a match lies within this many consecutive lines, 1..256 (256 with "within"), and 64 KiB
  std::string summary;   ///< one sentence: what happened
  std::string category;  ///< one of the nine of design.md
  std::string fault = "user";  ///< or "platform"
  bool restartable = false;    ///< would the same job with the same configuration plausibly succeed if run again?
  std::string advice;          ///< one sentence: what a person can do
  RuleCondition when;
  std::string retry;                 ///< "", "always" or "never": skips the model
  std::vector<std::string> matches;  ///< lines it must match
  std::vector<std::string> ignores;  ///< near misses it must not match
  /// Names or globs of rules. Where one of them matches any log of the attempt, this one does not.
  std::vector<std::string> unless;
  /// Names or globs of rules. Where none of them matches any log of the attempt, this one does not.
  std::vector<std::string> beside;
  /// Names or globs of rules. Where one of them fires, it wins whatever the order, and this one is told as its symptom.
  std::vector<std::string> wraps;
  /// Names or globs of rules. Where one of them matches the same log earlier, but does not count since the job went on
  /// after it, that one wins: the job went on without what it should have had.
  std::vector<std::string> follows;
  std::string within;      ///< a name among the "frames" of its document or of the shipped pack; empty: none
  FrameList frames;        ///< what that name stands for, one alternative each
  std::string file;        ///< where it was read from, for error messages
  std::size_t number = 0;  ///< its place in that file, from 1; 0: unknown
  bool shipped = false;    ///< part of the pack inside the library
  bool operator==(const Rule&) const = default;
};

/// Where what is known of rules is kept between processes: their compiled form, and that their regexes are sound.
struct RuleCache {
  /// Empty: $XDG_CACHE_HOME/jobmedic or ~/.cache/jobmedic. A folder that cannot be used safely (missing rights, another
  /// owner) is not used; nothing fails. What was not read for 30 days is removed.
  std::filesystem::path directory{};
  bool use = true;
};

/// An ordered list of rules. A value; safe to read from any number of threads.
class RuleSet {
 public:
  /// Throws Error: parse, schema, rules (file, rule, column). `file` only names the text in messages.
  static RuleSet parse(std::string_view json, std::string_view file = "rules");
  /// Rules made in code, checked as parse() does.
  static RuleSet of(std::vector<Rule> rules);
  /// A file, or a folder whose *.json are read in the order of its manifest.json, else by name. Regexes are checked
  /// once: the cache remembers the texts that passed.
  static RuleSet load(const std::filesystem::path& path, const RuleCache& cache = {});
  /// The pack inside the library, in the order of src/classify/rules/manifest.json.
  static RuleSet shipped();

  /// The rules of `later` after these. A name already taken is refused (Error: rules), unless it comes from the shipped
  /// pack: there a user's rule of that name replaces it. One that only says something else of the same lines (same
  /// regex, log, conditions) takes the shipped rule's place in the order, too, where the pack comes later.
  void append(RuleSet later);
  [[nodiscard]] const std::vector<Rule>& rules() const noexcept { return rules_; }

 private:
  std::vector<Rule> rules_;
};

}  // namespace jobmedic
