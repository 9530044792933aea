#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/rules.hpp"

// The only header that stands for Hyperscan (or Vectorscan): a filter that names where a rule may match.
struct hs_database;
struct hs_scratch;

namespace jobmedic::classify {

/// How Hyperscan serves a rule.
enum class Filter : std::uint8_t {
  exact,        ///< it knows the regex
  approximate,  ///< it knows something weaker (look-around, back references)
  none          ///< it does not: PCRE2 tries every window
};

struct FreeScratch {
  void operator()(hs_scratch* scratch) const noexcept;
};
using Scratch = std::unique_ptr<hs_scratch, FreeScratch>;

/// "5.4.0": of the libhs in this process.
std::string scanner_version();
/// "AVX2", ...: what libhs uses of this CPU; none where it cannot run here at all.
std::optional<std::string> scanner_cpu();

/// All rules' filters in one automaton. Immutable: any number of threads may scan at once, each with its own scratch.
class Database {
 public:
  /// Never fails because of a rule: one that Hyperscan refuses gets Filter::none.
  static Database compile(std::span<const Rule> rules);
  /// What serialize() wrote; none where it is damaged or was made for another libhs or CPU.
  static std::optional<Database> deserialize(std::string_view bytes, std::size_t rule_count);
  [[nodiscard]] std::string serialize() const;

  [[nodiscard]] Filter filter(std::size_t rule) const { return filters_[rule]; }
  /// Empty where no rule needs any.
  [[nodiscard]] Scratch make_scratch() const;
  static Scratch clone(const Scratch& scratch);

  /// Calls visit(rule, end of the possible match) for each hit, in no promised order. visit must not throw; when it
  /// returns false the scan ends.
  using Visit = bool (*)(void* context, std::size_t rule, std::size_t end);
  void scan(std::string_view text, const Scratch& scratch, Visit visit, void* context) const;

 private:
  struct Free {
    void operator()(hs_database* database) const noexcept;
  };
  std::vector<Filter> filters_;                   // one per rule
  std::unique_ptr<hs_database, Free> automaton_;  // empty where every filter is none
};

}  // namespace jobmedic::classify
