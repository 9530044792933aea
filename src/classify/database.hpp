#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The only header that stands for Hyperscan (or Vectorscan): a filter that names where a regex may match.
struct hs_database;
struct hs_scratch;

namespace jobmedic::classify {

/// How Hyperscan serves a regex.
enum class Filter : std::uint8_t {
  exact,        ///< it knows the expression
  approximate,  ///< it knows something weaker (look-around, back references)
  none          ///< it does not: PCRE2 tries every window
};

/// A regex whose places are looked for. Borrowed for the call.
struct Pattern {
  std::string_view frame;  ///< empty, or what the regex stands within (frames.hpp)
  std::string_view regex;  ///< empty: none is wanted
  std::string_view flags;
};

/// A place where the patterns of `expression` may match: a telling part of them ends here.
struct Place {
  std::uint32_t expression;
  std::uint32_t end;
};

struct FreeScratch {
  void operator()(hs_scratch* scratch) const noexcept;
};
using Scratch = std::unique_ptr<hs_scratch, FreeScratch>;

/// "5.4.0": of the libhs in this process.
std::string scanner_version();
/// "AVX2", ...: what libhs uses of this CPU; none where it cannot run here at all.
std::optional<std::string> scanner_cpu();

/// All patterns' filters in one automaton; patterns that come down to the same expression share it. Immutable: any
/// number of threads may scan at once, each with its own scratch.
class Database {
 public:
  /// Never fails because of a pattern: one that Hyperscan refuses gets Filter::none.
  static Database compile(std::span<const Pattern> patterns);
  /// What serialize() wrote; none where it is damaged or was made for another libhs or CPU.
  static std::optional<Database> deserialize(std::string_view bytes, std::size_t pattern_count);
  [[nodiscard]] std::string serialize() const;

  [[nodiscard]] Filter filter(std::size_t pattern) const { return filters_[pattern]; }
  /// The patterns that a place of this expression may belong to, in ascending order.
  [[nodiscard]] std::span<const std::uint32_t> patterns_of(std::uint32_t expression) const {
    return std::span(members_).subspan(first_member_[expression],
                                       first_member_[expression + 1] - first_member_[expression]);
  }
  /// Empty where no pattern needs any.
  [[nodiscard]] Scratch make_scratch() const;
  static Scratch clone(const Scratch& scratch);

  /// Appends all places in `text`; those of one expression in ascending order.
  void scan(std::string_view text, const Scratch& scratch, std::vector<Place>& places) const;

 private:
  struct Free {
    void operator()(hs_database* database) const noexcept;
  };
  void index_members();

  std::vector<Filter> filters_;                   // one per pattern
  std::vector<std::uint32_t> expression_of_;      // likewise; means nothing where the filter is none
  std::vector<std::uint32_t> members_;            // patterns by expression
  std::vector<std::uint32_t> first_member_;       // where each expression's begin there, and the end
  std::unique_ptr<hs_database, Free> automaton_;  // empty where every filter is none
};

}  // namespace jobmedic::classify
