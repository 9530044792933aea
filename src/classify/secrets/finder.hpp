#pragma once
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/secrets/assignment.hpp"
#include "classify/secrets/literals.hpp"
#include "classify/secrets/patterns.hpp"
#include "jobmedic/secrets.hpp"

namespace jobmedic::secrets {

/// Patterns ready to search. One pass finds the literals of all patterns; only there regexes are tried, each on at most
/// 16 KiB: so hostile text costs no more than a constant per byte. Immutable to its users; regexes are compiled on
/// first need inside.
class Finder {
 public:
  explicit Finder(Patterns patterns);
  Finder(const Finder&) = delete;
  Finder& operator=(const Finder&) = delete;

  [[nodiscard]] const Patterns& patterns() const { return patterns_; }
  [[nodiscard]] std::vector<SecretSpan> find(std::string_view text) const;
  /// Whether a setting of this name with this value holds a secret.
  [[nodiscard]] bool names_secret(std::string_view name, std::string_view value) const;

 private:
  class Search;
  struct Literal {
    bool shape;           // or a setting
    std::size_t pattern;  // index into shapes or settings
    std::size_t size;
    std::string text;  // of a shape, whose case counts
  };

  [[nodiscard]] bool is_key(const Setting& setting, std::string_view lower_case_key) const;
  [[nodiscard]] bool is_secret_value(std::size_t setting, std::string_view value,
                                     classify::RegexWorkspace& workspace) const;

  Patterns patterns_;
  std::vector<Literal> about_literal_;
  std::optional<Literals> literals_;
  std::deque<LazyRegex> then_;         // per shape; a deque since a once_flag does not move
  std::deque<LazyRegex> values_;       // per setting
  std::deque<LazyRegex> not_secrets_;  // one of all
};

}  // namespace jobmedic::secrets
