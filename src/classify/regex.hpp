#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

// The only header that stands for PCRE2: what a rule's regex means is what PCRE2 says about one window of lines.
struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;
struct pcre2_real_jit_stack_8;

namespace jobmedic::classify {

/// Of PCRE2: another one may refuse another regex.
std::string regex_version();

/// A regex that PCRE2 refuses, or that would match everywhere. `column` counts bytes from 1; 0: the whole regex.
struct RegexError : std::runtime_error {
  RegexError(std::size_t at, const std::string& message) : std::runtime_error(message), column(at) {}
  std::size_t column;
};

/// Some consecutive lines, joined by '\n', without the last one's line break.
struct Window {
  std::string_view text;
  bool begins_log = true;
  bool preceded = false;       ///< the byte before `text` may be read: the line break before it
  std::size_t last_begin = 0;  ///< a match must begin at or before this offset
  bool begins_line = true;     ///< '^' matches at its start
  bool ends_line = true;       ///< '$' matches at its end
};

struct RegexMatch {
  enum class Kind : std::uint8_t { none, match, gave_up };  ///< gave_up: the limit on backtracking was reached
  Kind kind = Kind::none;
  std::size_t begin = 0;  ///< where the search succeeded; before what \K left out
  std::size_t kept = 0;   ///< where the match begins that is told: after what \K left out
  std::size_t end = 0;
};

/// What a match needs beside the regex. One per thread at a time.
class RegexWorkspace {
 public:
  RegexWorkspace();
  /// From now on adds to `steps` one for each callout of a regex, which it has where it says (?C) or was compiled for
  /// measuring. `steps` outlives the workspace.
  void count_steps(std::uint64_t& steps);

 private:
  friend class Regex;
  struct Free {
    void operator()(pcre2_real_match_data_8* data) const noexcept;
    void operator()(pcre2_real_match_context_8* context) const noexcept;
    void operator()(pcre2_real_jit_stack_8* stack) const noexcept;
  };
  pcre2_real_match_data_8* data_for(std::uint32_t groups);

  std::unique_ptr<pcre2_real_jit_stack_8, Free> stack_;
  std::unique_ptr<pcre2_real_match_context_8, Free> context_;
  std::unique_ptr<pcre2_real_match_data_8, Free> data_;
  std::uint32_t groups_ = 0;
  std::string copy_;
  std::size_t shift_ = 0;  // of the last match's subject against its window
};

/// A regex that begins with this sees the line break before its window, so that `\A` means the log's beginning. For all
/// others `\A` is the window's.
constexpr std::string_view sees_log = "(?#sees log)";

/// A compiled regex. Immutable: any number of threads may match at once, each with its own workspace.
class Regex {
 public:
  /// `fast`: also to machine code, for a regex that will be used often. Throws RegexError.
  Regex(std::string_view pattern, std::string_view flags, bool fast);
  /// With a callout before each of its items, for measuring: how often one is tried does not depend on the machine.
  static Regex measured(std::string_view pattern, std::string_view flags);

  /// The leftmost match; a rule that backtracks without end gives up.
  RegexMatch match(const Window& window, RegexWorkspace& workspace) const;
  /// How bytes [begin, end) of a window are told.
  using Shown = std::function<std::string(std::size_t begin, std::size_t end)>;
  /// The named groups of the last match in `workspace`; those that took no part are left out.
  [[nodiscard]] std::map<std::string, std::string> captures(const Shown& shown, RegexWorkspace& workspace) const;
  /// A match may be without any text, as that of "a*" or "(?=a)".
  [[nodiscard]] bool may_be_empty() const;
  [[nodiscard]] std::size_t groups() const { return groups_; }

  struct Group {
    std::size_t begin;
    std::size_t end;
  };
  /// Where a named group of the last match in `workspace` lies; none if there is no such group or it took no part.
  [[nodiscard]] std::optional<Group> group(const char* name, RegexWorkspace& workspace) const;

 private:
  Regex(std::string_view pattern, std::uint32_t options, bool fast);
  struct Free {
    void operator()(pcre2_real_code_8* code) const noexcept;
  };
  // The window's text, maybe after a line break, and how many bytes that adds.
  std::pair<std::string_view, std::size_t> subject_of(const Window& window, RegexWorkspace& workspace) const;

  std::unique_ptr<pcre2_real_code_8, Free> code_;
  bool sees_log_;
  std::uint32_t groups_ = 0;
};

}  // namespace jobmedic::classify
