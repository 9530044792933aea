#pragma once
#include <cstdint>
#include <exception>
#include <optional>
#include <vector>

#include "classify/compiled_rules.hpp"
#include "classify/rows.hpp"

namespace jobmedic::classify {

constexpr std::uint32_t most_given_up = 100;  // windows of a log; a regex that bad would take hours

/// One block of a log against the rules that are still open there: Hyperscan names places, PCRE2 decides.
class BlockMatcher {
 public:
  /// Rows that begin at or after `settled` are left for the next block.
  BlockMatcher(const CompiledRules& rules, const Block& block, std::size_t settled, Workspace& workspace);

  struct Result {
    std::size_t rule;
    std::size_t row;
    RegexMatch match;
  };
  /// Per open rule the first row with a match, in no order. `given_up`: how often each rule gave up before this block;
  /// at most_given_up it is tried no more.
  std::vector<Result> run(const std::vector<bool>& open, const std::vector<std::uint32_t>& given_up);
  /// The same with this block.
  [[nodiscard]] std::uint32_t given_up(std::size_t rule) const { return states_[rule].given_up; }

  const Rows& rows();

 private:
  struct State {
    std::uint32_t skip_from = 0;    // hits that end here or later cannot name an earlier row than the one known
    std::uint32_t tried_begin = 0;  // rows [begin, end) were tried
    std::uint32_t tried_end = 0;
    std::uint32_t given_up = 0;
    std::optional<Result> first;
  };
  void hit(std::size_t rule, std::size_t end);
  bool attempt(std::size_t rule, std::size_t row);

  const CompiledRules& rules_;
  Block block_;
  std::size_t settled_;
  Workspace& workspace_;
  std::optional<Rows> rows_;
  std::vector<State> states_;
  std::exception_ptr failure_;
};

}  // namespace jobmedic::classify
