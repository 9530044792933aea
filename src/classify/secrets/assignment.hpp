#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "classify/regex.hpp"

namespace jobmedic::secrets {

/// A regex that is compiled when it is needed first; anchored at its start. Safe from any number of threads.
class LazyRegex {
 public:
  LazyRegex(std::string_view pattern, std::string flags);
  [[nodiscard]] const classify::Regex& get() const;

 private:
  std::string pattern_;
  std::string flags_;
  mutable std::once_flag once_;
  mutable std::optional<classify::Regex> regex_;
};

/// The bytes of `text` from `from` on that a regex gets to see. No pattern needs more; it bounds the cost of each try.
constexpr std::size_t window_size = std::size_t{16} * 1024;

/// Where a secret lies in a text, and whether the window's end may have cut it.
struct Found {
  std::size_t begin;
  std::size_t end;
  bool cut;
};

/// Matches at `from` and gives the group "secret", or all that matched. A regex that gives up has found all it saw:
/// better too much masked than too little.
std::optional<Found> match_at(const LazyRegex& regex, std::string_view text, std::size_t from,
                              classify::RegexWorkspace& workspace);

/// Bytes [begin, end) of a text that are the name of a setting.
struct Key {
  std::size_t begin;
  std::size_t end;
};

/// The key around [begin, end), or none: a key is at most 128 bytes long and something is assigned to it.
std::optional<Key> key_around(std::string_view text, std::size_t begin, std::size_t end);

/// The value assigned to a key: in properties, JSON, YAML, XML, URLs, on a command line, or printed by Scala.
std::optional<Found> value_of(std::string_view text, Key key, classify::RegexWorkspace& workspace);
/// The same for one in quotes only.
std::optional<Found> quoted_value_of(std::string_view text, Key key, classify::RegexWorkspace& workspace);

}  // namespace jobmedic::secrets
